"""python-telegram-bot against our fake of Telegram, and against our door."""

import asyncio
import datetime

import told
from telegram import (
    Bot,
    CallbackQuery,
    Chat,
    ChatMemberBanned,
    ChatMemberMember,
    ChatMemberUpdated,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    Update,
    User,
)
from telegram.constants import InlineKeyboardButtonLimit, InlineKeyboardMarkupLimit, MessageLimit
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter
from telegram.ext import Updater

JSON = ("content-type", "application/json")
SECRET = "x-telegram-bot-api-secret-token"


def bot(asked, token=None):
    return Bot(token or asked["token"], base_url=asked["fake"] + "/bot")


def speaks(asked):
    """Updates as the library builds them, at the door."""
    ana = User(991, "Ana", is_bot=False, language_code="en")
    chat = Chat(991, Chat.PRIVATE, first_name="Ana")
    shop = User(1, "Shop", is_bot=True, username="shop_bot")
    now = datetime.datetime.now(datetime.timezone.utc)

    def message(nth, text):
        return Message(nth, now, chat, from_user=ana, text=text)

    updates = [Update(nth, message=message(nth, text)) for nth, text in enumerate(asked["says"], 1)]
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("How much?", callback_data=asked["taps"])]])
    shown = Message(50, now, chat, from_user=shop, text="Hello", reply_markup=keyboard)
    updates.append(Update(60, callback_query=CallbackQuery("427", ana, "-81", message=shown, data=asked["taps"])))
    # A group, an edit, someone who blocks the bot: nothing of it is answered.
    group = Chat(-100, Chat.SUPERGROUP, title="Friends")
    updates.append(Update(61, message=Message(1, now, group, from_user=ana, text="hi")))
    updates.append(Update(62, edited_message=message(1, "hello")))
    member = ChatMemberUpdated(
        Chat(992, Chat.PRIVATE), User(992, "Bo", False), now, ChatMemberMember(shop), ChatMemberBanned(shop, now)
    )
    updates.append(Update(63, my_chat_member=member))
    for update in updates:
        body = update.to_json()
        right = [JSON, (SECRET, asked["secret"])]
        told.same(told.post(asked["door"], right, body)[0], 200, body)
        told.same(told.post(asked["door"], [JSON, (SECRET, asked["secret"] + "x")], body)[0], 401, "another secret")
    told.same(told.post(asked["door"], [("content-type", "text/plain"), right[1]], body)[0], 415, "another form")


def replays(asked):
    """What our bridge has sent, parsed by the library and sent again by it."""

    async def all():
        async with bot(asked) as sender:
            for path, body in asked["sent"]:
                given = dict(body)
                keyboard = given.get("reply_markup")
                keyboard = keyboard and InlineKeyboardMarkup.de_json(keyboard, sender)
                for row in keyboard.inline_keyboard if keyboard else []:
                    assert len(row) <= InlineKeyboardMarkupLimit.BUTTONS_PER_ROW
                    for button in row:
                        data = button.callback_data
                        assert data is None or len(data.encode()) <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA
                given["reply_markup"] = keyboard
                if path.endswith("/sendMessage"):
                    assert len(given["text"]) <= MessageLimit.MAX_TEXT_LENGTH
                    preview = LinkPreviewOptions.de_json(given["link_preview_options"], sender)
                    sent = await sender.send_message(**{**given, "link_preview_options": preview})
                    assert sent.text
                else:
                    assert len(given["caption"]) <= MessageLimit.CAPTION_LENGTH
                    sent = await sender.send_photo(**given)
                    assert sent.photo and sent.caption
                told.same(sent.chat.id, body["chat_id"], path)

    asyncio.run(all())


def meets(asked):
    """The methods that have no message, the limits, and then the faults that the test has set."""

    async def all():
        async with bot(asked) as sender:
            me = await sender.get_me()
            assert me.is_bot and me.username == "shop_bot"
            assert await sender.set_webhook("https://chat.shop.test/x", secret_token="a-b_1", allowed_updates=["message"])
            assert (await sender.get_webhook_info()).pending_update_count == 0
            assert await sender.send_chat_action(991, "typing")
            assert await sender.answer_callback_query("427")

            async def refused(kind, words, call):
                try:
                    await call
                except kind as error:
                    assert words in str(error).lower(), error
                    return error
                raise AssertionError(f"not refused: {words}")

            say = sender.send_message
            await refused(BadRequest, "too long", say(991, "x" * (MessageLimit.MAX_TEXT_LENGTH + 1)))
            await refused(BadRequest, "parse entities", say(991, "<b>x", parse_mode="HTML"))
            long = "x" * (InlineKeyboardButtonLimit.MAX_CALLBACK_DATA + 1)
            for button in (InlineKeyboardButton("x", callback_data=long), InlineKeyboardButton("x", url="nowhere")):
                await refused(BadRequest, "button_data", say(991, "x", reply_markup=InlineKeyboardMarkup([[button]])))
            row = [InlineKeyboardButton("x", callback_data="x")] * (InlineKeyboardMarkupLimit.BUTTONS_PER_ROW + 1)
            await refused(BadRequest, "buttons", say(991, "x", reply_markup=InlineKeyboardMarkup([row])))
            photo = "https://cdn.shop.test/p.jpg"
            caption = "x" * (MessageLimit.CAPTION_LENGTH + 1)
            await refused(BadRequest, "too long", sender.send_photo(991, photo, caption=caption))
            await refused(BadRequest, "secret", sender.set_webhook("https://chat.shop.test/x", secret_token="ä"))
            await refused(BadRequest, "https", sender.set_webhook("http://chat.shop.test/x", secret_token="a"))
            error = await refused(RetryAfter, "", say(991, "x"))
            told.same(int(error.retry_after if isinstance(error.retry_after, int) else error.retry_after.total_seconds()), 1, "seconds")
            await refused(Forbidden, "blocked", say(991, "x"))
            await refused(InvalidToken, "", say(991, "x"))
        try:
            await bot(asked, "12345:another").get_me()
        except InvalidToken:
            return
        raise AssertionError("another token is taken")

    asyncio.run(all())


def pulls(asked):
    """Updates of our fake, asked for like a bot without a webhook."""

    async def all():
        async with bot(asked) as puller:
            try:
                await puller.get_updates(timeout=0)
                raise AssertionError("no conflict with the webhook")
            except Conflict:
                pass
            assert await puller.delete_webhook()
            updates = await puller.get_updates(timeout=0, allowed_updates=["message"])
            last = updates[-1].update_id
            assert not await puller.get_updates(offset=last + 1, timeout=0)
            return [[update.update_id, update.effective_chat.id, update.message.text] for update in updates]

    return asyncio.run(all())


def listens(asked):
    """The library's own server takes what our fake delivers, and refuses what is forged."""

    async def all():
        async with bot(asked) as receiver:
            updater = Updater(receiver, asyncio.Queue())
            async with updater:
                await updater.start_webhook(
                    "127.0.0.1",
                    asked["port"],
                    "hook",
                    secret_token=asked["secret"],
                    webhook_url="https://chat.shop.test/hook",
                )
                url = f"http://127.0.0.1:{asked['port']}/hook"
                post = lambda one: asyncio.to_thread(told.post, url, one["headers"], one["body"])
                told.same((await post(asked["post"]))[0], 200, "the fake's own")
                update = await asyncio.wait_for(updater.update_queue.get(), 30)
                told.same((await post(asked["forged"]))[0], 403, "forged")
                await updater.stop()
                return [update.update_id, update.effective_chat.id, update.message.text]

    return asyncio.run(all())


told.run([speaks, replays, meets, pulls, listens])
