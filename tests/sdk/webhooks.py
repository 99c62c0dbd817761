"""The Standard Webhooks library signs what our door takes, and verifies what our bridge sends."""

import datetime
import json

import told
from standardwebhooks.webhooks import Webhook, WebhookVerificationError


def speaks(asked):
    ours, theirs = Webhook(asked["secret"]), Webhook("whsec_YW5vdGhlcg==")
    now = datetime.datetime.now(datetime.timezone.utc)

    def post(name, text, at=now, sign=ours, changed=None, before=""):
        data = {"conversation": asked["talk"], "text": text}
        body = json.dumps({"type": "message.created", "timestamp": now.isoformat(), "data": data})
        headers = [
            ("content-type", "application/json"),
            ("webhook-id", name),
            ("webhook-timestamp", str(int(at.timestamp()))),
            ("webhook-signature", before + sign.sign(name, at, body)),
        ]
        return told.post(asked["door"], headers, changed or body)[0]

    for nth, text in enumerate(asked["says"]):
        told.same(post(f"sdk_{nth}", text), 200, text)
    # Two signatures: the secret is being changed.
    rotated = theirs.sign("sdk_r", now, "x") + " "
    told.same(post("sdk_r", asked["says"][0], before=rotated), 200, "the second signature")
    told.same(post("sdk_f", "hi", sign=theirs), 401, "another secret")
    told.same(post("sdk_c", "hi", changed="{}"), 401, "changed")
    for minutes in (-6, 6):
        at = now + datetime.timedelta(minutes=minutes)
        told.same(post("sdk_t", "hi", at=at), 401, "another time")


def verifies(asked):
    ours = Webhook(asked["secret"])
    for one in asked["sent"]:
        headers = {name.lower(): value for name, value in one["headers"]}
        said = ours.verify(one["body"], headers)
        told.same(said["type"], "message.created", "what is sent")
        told.raised(WebhookVerificationError, lambda: ours.verify(one["body"] + " ", headers), "changed")


told.run([speaks, verifies])
