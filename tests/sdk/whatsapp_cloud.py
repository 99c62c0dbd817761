"""pywa against our fake of Meta's Cloud API, and as a second reader of what our door takes."""

import logging

import httpx
import told
from pywa import WhatsApp
from pywa.errors import (
    ExpiredAccessToken,
    InvalidParameter,
    MessageUndeliverable,
    RateLimitHit,
    ReEngagementMessage,
)
from pywa.types import Button, ImageCarouselCard, ProductsSection, Section, SectionList, SectionRow, URLButton
from pywa.types.templates import TemplateLanguage


def card(one):
    """A card of ours in the library's words."""
    action = one["action"]
    if "buttons" in action:
        replies = [reply["quick_reply"] for reply in action["buttons"]]
        buttons = [Button(reply["title"], reply["id"]) for reply in replies]
    else:
        buttons = URLButton(action["parameters"]["display_text"], action["parameters"]["url"])
    return ImageCarouselCard(body=one["body"]["text"], image=one["header"]["image"]["link"], buttons=buttons)


class Untitled(Section):
    """A list of one section needs no title, and the library knows only titled ones."""

    def to_dict(self):
        one = super().to_dict()
        del one["title"]
        return one


def client(asked, token=None):
    session = httpx.Client(timeout=30)
    known = WhatsApp(phone_id="PN1", token=token or asked["token"], session=session)
    # The library insists on Meta's own host.
    session.base_url = asked["fake"] + "/v23.0"
    return known


def reads(asked):
    """Requests of our fake: their signatures and their words, as the library understands them."""
    reader = WhatsApp(
        phone_id="PN1", verify_token="x", app_secret=asked["secret"], server=None, skip_duplicate_updates=False
    )
    heard = []
    trouble = []

    @reader.on_message
    def _(_, message):
        if message.order:
            items = [[item.sku, item.quantity] for item in message.order.products]
            heard.append(["order", message.from_user.wa_id, message.order.catalog_id, items])
            return
        heard.append(["message", message.from_user.wa_id, message.id, message.text or message.caption or ""])

    @reader.on_callback_button
    def _(_, tap):
        heard.append(["button", tap.from_user.wa_id, tap.title, tap.data])

    @reader.on_callback_selection
    def _(_, tap):
        heard.append(["row", tap.from_user.wa_id, tap.title, tap.data])

    @reader.on_message_status
    def _(_, status):
        code = status.error.code if status.error else None
        heard.append([str(status.status.value), status.from_user.wa_id, status.id, code])

    class Trouble(logging.Handler):
        def emit(self, record):
            trouble.append(f"{record.getMessage()}: {record.exc_info and record.exc_info[1]!r}")

    handler = Trouble(logging.WARNING)
    logging.getLogger("pywa").addHandler(handler)
    for one in asked["posts"]:
        headers = {name.lower(): value for name, value in one["headers"]}
        body, signature = one["body"].encode(), headers["x-hub-signature-256"]
        told.same(reader.webhook_update_validator(body, signature), None, one["body"])
        told.same(reader.webhook_update_handler(body)[1], 200, one["body"])
    told.same(trouble, [], "what the library cannot read")
    told.same(reader.webhook_update_validator(body + b" ", signature)[1], 403, "changed")
    told.same(reader.webhook_update_validator(body, None)[1], 401, "unsigned")
    return heard


def replays(asked):
    """What our bridge has sent, rebuilt of the library's own types and sent again."""
    sender = client(asked)
    for body in asked["sent"]:
        if body.get("status") == "read":
            assert sender.indicate_typing(body["message_id"])
            continue
        to = body.get("to") or body["recipient"]
        tracker = body["biz_opaque_callback_data"]
        kind = body["type"]
        if kind == "text":
            sent = sender.send_message(to, body["text"]["body"], preview_url=False, tracker=tracker)
        elif kind == "image":
            sent = sender.send_image(to, body["image"]["link"], body["image"].get("caption"), tracker=tracker)
        elif kind == "template":
            template = body["template"]
            language = TemplateLanguage(template["language"]["code"])
            sent = sender.send_template(to, template["name"], language, tracker=tracker)
        else:
            interactive = body["interactive"]
            words, action = interactive["body"]["text"], interactive["action"]
            if interactive["type"] == "carousel":
                cards = [card(one) for one in action["cards"]]
                sent = sender.send_carousel(to, body=words, cards=cards, tracker=tracker)
            elif interactive["type"] == "product":
                sent = sender.send_product(
                    to, action["catalog_id"], action["product_retailer_id"], words, tracker=tracker
                )
            elif interactive["type"] == "product_list":
                sections = [
                    ProductsSection(one["title"], [item["product_retailer_id"] for item in one["product_items"]])
                    for one in action["sections"]
                ]
                title = interactive["header"]["text"]
                sent = sender.send_products(to, action["catalog_id"], sections, title, words, tracker=tracker)
            elif interactive["type"] == "list":
                sections = [
                    Untitled(
                        "",
                        [SectionRow(row["title"], row["id"], row.get("description")) for row in section["rows"]],
                    )
                    for section in action["sections"]
                ]
                sent = sender.send_message(to, words, buttons=SectionList(action["button"], sections), tracker=tracker)
            else:
                buttons = [Button(one["reply"]["title"], one["reply"]["id"]) for one in action["buttons"]]
                if "header" in interactive:
                    picture = interactive["header"]["image"]["link"]
                    sent = sender.send_image(to, picture, words, buttons=buttons, tracker=tracker)
                else:
                    sent = sender.send_message(to, words, buttons=buttons, tracker=tracker)
        assert sent.id.startswith("wamid."), sent
        told.same(sent.chat.id, to, "whom")


def meets(asked):
    """Meta's limits, and then the faults that the test has set."""
    sender = client(asked)
    to = "4915112345678"

    def refused(call):
        told.raised(InvalidParameter, call, "a limit")

    def say(words="x", buttons=None):
        return lambda: sender.send_message(to, words, buttons=buttons, tracker="1")

    refused(say("x" * 4097))
    refused(say("x" * 1025, [Button("x", "x")]))
    refused(say(buttons=[Button("x" * 21, "x")]))
    refused(say(buttons=[Button("x", "x" * 257)]))
    refused(say(buttons=[Button(str(nth), str(nth)) for nth in range(4)]))
    rows = [SectionRow(str(nth), str(nth)) for nth in range(11)]
    refused(say(buttons=SectionList("open", [Section("a", rows[:6]), Section("b", rows[6:])])))
    refused(say(buttons=SectionList("open", [Section("a", [SectionRow("x" * 25, "x")])])))
    refused(say(buttons=SectionList("open", [Section("a", [SectionRow("x", "x", "x" * 73)])])))
    refused(say(buttons=SectionList("o" * 21, [Section("a", [SectionRow("x", "x")])])))
    for kind in (RateLimitHit, MessageUndeliverable, ReEngagementMessage, ExpiredAccessToken):
        told.raised(kind, say(), kind.__name__)
    told.raised(ExpiredAccessToken, lambda: client(asked, "another").send_message(to, "x", tracker="1"), "a token")


told.run([reads, replays, meets])
