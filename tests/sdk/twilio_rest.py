"""Twilio's library against our fake of its API, and as the signer of what our door takes."""

import json
import urllib.parse

import told
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

FORM = ("content-type", "application/x-www-form-urlencoded")
SIGNATURE = "x-twilio-signature"
SETTINGS = "x-twilio-webhooks-signature-settings"


class ToFake(TwilioHttpClient):
    """The library's own client, with another host."""

    def __init__(self, fake):
        super().__init__()
        self.fake = fake

    def request(self, method, url, *rest, **more):
        return super().request(method, url.replace("https://api.twilio.com", self.fake), *rest, **more)


def client(asked, token=None):
    return Client("AC1", token or asked["token"], http_client=ToFake(asked["fake"]))


def speaks(asked):
    """Messages, statuses and JSON, signed by the library in each of its ways, at the door."""
    known, by_key = RequestValidator(asked["token"]), RequestValidator(asked["shared_key"])
    # What Twilio calls; the test's server is behind it.
    url = asked["public"]

    def post(fields, validator=known, algorithm=None, settings=None, query="", port="", signed=None):
        asked_for = url.replace(".test/", f".test{port}/") + query
        signature = validator.compute_signature(asked_for, signed or fields, algorithm)
        headers = [FORM, (SIGNATURE, signature)] + ([(SETTINGS, settings)] if settings else [])
        return told.post(asked["door"] + query, headers, urllib.parse.urlencode(fields, doseq=True))[0]

    def says(nth, text, **more):
        # New fields come without notice: all are signed.
        return {
            "MessageSid": f"SMsdk{nth}", "AccountSid": "AC1", "From": asked["from"], "To": "+4930123456",
            "Body": text, "NumMedia": "0", "NumSegments": "1", "FromCity": "Köln", "Brand New": "a&b=c", **more,
        }  # fmt: skip

    for nth, text in enumerate(asked["says"]):
        told.same(post(says(nth, text)), 200, text)
    right = says(90, "hi")
    told.same(post({**right, "Body": "ho"}, signed=right), 401, "changed")
    told.same(post(right, RequestValidator("another")), 401, "another token")
    told.same(post(says(91, "STOP"), query="?a=1"), 200, "with a query")
    told.same(post(says(92, "STOP"), port=":443"), 200, "with a port")
    sha256 = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"
    told.same(post(says(93, "STOP"), by_key, "HMAC_SHA256", sha256), 200, "SHA-256")
    told.same(post(says(94, "STOP"), by_key, "HMAC_SHA256", sha256.lower().replace("key=", " key=")), 200, "SHA-256, otherwise written")
    told.same(post(says(95, "STOP"), known, "HMAC_SHA256", sha256), 401, "SHA-256 by the wrong key")
    told.same(post(says(96, "STOP"), known, None, "key=1,algorithm=HMAC_SHA1"), 200, "SHA-1, by name")
    told.same(post(says(97, "STOP"), known, None, "key=1"), 200, "no algorithm is SHA-1")
    told.same(post(says(98, "STOP"), known, None, "algorithm=MD5"), 401, "an unknown algorithm")
    status = {"MessageSid": "SMout", "MessageStatus": "delivered", "To": asked["from"], "From": "+4930123456"}
    told.same(post(status), 200, "a status")
    body = json.dumps({"ok": True, "t": "Grüße"})
    query = "?bodySHA256=" + known.compute_hash(body)
    headers = [("content-type", "application/json"), (SIGNATURE, known.compute_signature(url + query, {}))]
    told.same(told.post(asked["door"] + query, headers, body)[0], 200, "JSON")
    told.same(told.post(asked["door"] + query, headers, body + " ")[0], 401, "JSON, changed")
    one = asked["post"]
    fields = dict(urllib.parse.parse_qsl(one["body"], keep_blank_values=True))
    assert known.validate(url, fields, dict(one["headers"])[SIGNATURE])
    assert not known.validate(url, {**fields, "Body": "x"}, dict(one["headers"])[SIGNATURE])


def replays(asked):
    """What our bridge has sent, sent again by the library."""
    sender = client(asked)
    for body in asked["sent"]:
        sent = sender.messages.create(
            to=body["To"],
            from_=body["From"],
            body=body["Body"],
            status_callback=body["StatusCallback"],
            **({"media_url": [body["MediaUrl"]]} if "MediaUrl" in body else {}),
        )
        told.same((sent.status, sent.to, sent.body), ("queued", body["To"], body["Body"]), "what was sent")
        assert sent.sid and sent.date_created and sent.error_code is None


def meets(asked):
    """Twilio's limit, and then the faults that the test has set."""
    sender = client(asked)

    def refused(code, words="x", sender=sender):
        call = lambda: sender.messages.create(
            to="+4915112345678", from_="+4930123456", body=words, status_callback="https://chat.shop.test/x"
        )
        error = told.raised(TwilioRestException, call, str(code))
        told.same(error.code, code, "the code")

    refused(21617, "x" * 1601)
    for code in (20429, 20003, 21610):
        refused(code)
    refused(20003, sender=client(asked, "another"))


told.run([speaks, replays, meets])
