"""slack_sdk against our fake of Slack, and as the signer of what our door takes."""

import json
import threading
import time
import urllib.parse

import told
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, SectionBlock
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web import WebClient


def client(asked):
    return WebClient(asked["token"], base_url=asked["fake"] + "/api/")


def speaks(asked):
    """Events, a tap and the handshake, signed by the library, at the door; and the signature of our fake."""
    verifier = SignatureVerifier(asked["secret"])

    def post(body, kind="application/json", at=None, changed=None):
        at = str(int(at or time.time()))
        headers = [
            ("content-type", kind),
            ("x-slack-request-timestamp", at),
            ("x-slack-signature", verifier.generate_signature(timestamp=at, body=body)),
        ]
        return told.post(asked["door"], headers, changed or body)

    for event in asked["events"]:
        told.same(post(event)[0], 200, event)
    told.same(post(event, changed=event.replace("T1", "T2"))[0], 401, "changed")
    told.same(post(event, at=time.time() - 301)[0], 401, "late")
    told.same(post(event, at=time.time() + 330)[0], 401, "early")
    tap = {
        "type": "block_actions",
        "user": {"id": "U71"},
        "channel": {"id": "71"},
        "trigger_id": "tap-1",
        "message": {"ts": "1.2"},
        "actions": [
            {"action_id": "say-0", "type": "button", "value": asked["taps"], "action_ts": f"{time.time():.6f}"}
        ],
    }
    form = urllib.parse.urlencode({"payload": json.dumps(tap)})
    told.same(post(form, "application/x-www-form-urlencoded")[0], 200, "a tap")
    status, said = post(json.dumps({"type": "url_verification", "challenge": "3eZb"}))
    told.same((status, json.loads(said)), (200, {"challenge": "3eZb"}), "the handshake")
    one = asked["post"]
    assert verifier.is_valid_request(one["body"], dict(one["headers"]))
    assert not verifier.is_valid_request(one["body"] + " ", dict(one["headers"]))


def replays(asked):
    """What our bridge has sent, rebuilt of the library's blocks, which know their limits, and sent again."""
    sender = client(asked)
    assert sender.auth_test()["team"] == "Alder"
    for body in asked["sent"]:
        blocks = Block.parse_all(body.get("blocks"))
        for block in blocks:
            block.validate_json()
        given = {**body, "blocks": [block.to_dict() for block in blocks]} if blocks else body
        answer = sender.chat_postMessage(**given)
        assert answer["ok"] and answer["ts"] and answer["channel"] == body["channel"]


def refused(sender, why, **given):
    error = told.raised(SlackApiError, lambda: sender.chat_postMessage(channel="D1", **given), why)
    told.same(error.response["error"], why, "the error")
    return error.response


def limits(asked):
    sender = client(asked)
    button = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "x" * 76}, "value": "x"}
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
    for blocks in ([{"type": "actions", "elements": [button]}], [section]):
        refused(sender, "invalid_blocks", text="x", blocks=blocks)
    buttons = [ButtonElement(text="x", action_id=str(nth), value="x") for nth in range(25)]
    for block in (ActionsBlock(elements=buttons), SectionBlock(text="x" * 3000)):
        block.validate_json()
        assert sender.chat_postMessage(channel="D1", text="x", blocks=[block.to_dict()])["ok"]
    error = told.raised(SlackApiError, lambda: WebClient("xoxb-no", base_url=sender.base_url).auth_test(), "a token")
    told.same(error.response["error"], "invalid_auth", "the error")


def meets(asked):
    """The faults that the test has set."""
    sender = client(asked)
    told.same(refused(sender, "ratelimited", text="x").headers.get("Retry-After"), "1", "seconds")
    refused(sender, "token_revoked", text="x")
    refused(sender, "channel_not_found", text="x")


def listens(asked):
    """Socket Mode against our fake's sockets: the first is taken away, the next delivers again."""
    both = threading.Event()
    heard = []

    def take(client, request):
        heard.append([request.envelope_id, request.type, request.payload["event"]["text"]])
        client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))
        if {"again", "next"} <= {one[0] for one in heard}:
            both.set()

    socket = SocketModeClient(asked["app_token"], web_client=client(asked))
    socket.socket_mode_request_listeners.append(take)
    socket.connect()
    assert both.wait(60), heard
    socket.close()
    return heard


told.run([speaks, replays, limits, meets, listens])
