"""An application with chats, as Django keeps it: `make.py URL MEDIA` fills a database, `make.py URL MEDIA more` adds to it.

Prints what there is, as JSON: what people's passwords are, and what was said in each room.
"""

import datetime
import json
import pathlib
import random
import sys
import uuid
from urllib.parse import unquote, urlsplit

import django
from django.conf import settings

PEOPLE = 60
GROUPS = 12
MESSAGES = 250  # of each group
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
BEGIN = datetime.datetime(2024, 3, 1, 8, tzinfo=datetime.timezone.utc)
HASHERS = ["argon2", "bcrypt_sha256", "bcrypt", "scrypt", "pbkdf2_sha256", "pbkdf2_sha1"]


def database(url):
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": parts.path}
    if parts.scheme == "mysql":
        import pymysql

        pymysql.version_info = (2, 2, 8, "final", 0)
        pymysql.install_as_MySQLdb()
    engine = "mysql" if parts.scheme == "mysql" else "postgresql"
    return {
        "ENGINE": f"django.db.backends.{engine}",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname,
        "PORT": parts.port,
    }


def set_up(url, media):
    settings.configure(
        DATABASES={"default": database(url)},
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "accounts", "chat", "inbox"],
        AUTH_USER_MODEL="accounts.User",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        MEDIA_ROOT=media,
        USE_TZ=True,
        PASSWORD_HASHERS=[
            f"django.contrib.auth.hashers.{name}PasswordHasher"
            for name in ["PBKDF2", "PBKDF2SHA1", "Argon2", "BCryptSHA256", "BCrypt", "Scrypt"]
        ],
    )
    django.setup()


def hashed(password, kind):
    from django.contrib.auth.hashers import get_hasher

    hasher = get_hasher(kind)
    if kind.startswith("pbkdf2"):
        # Fewer than by itself: a program built for tests takes long for a million.
        return hasher.encode(password, hasher.salt(), iterations=20_000)
    return hasher.encode(password, hasher.salt())


def at(minutes):
    return BEGIN + datetime.timedelta(minutes=minutes, microseconds=minutes * 1357)


def make_people():
    from accounts.models import Block, Friendship, User

    passwords = {}
    shared = hashed("everybody has this one", "pbkdf2_sha256")
    users = []
    for n in range(PEOPLE):
        name = f"person{n:02}"
        kind = HASHERS[n] if n < len(HASHERS) else None
        passwords[name] = f"the secret of {name} ñ" if kind else "everybody has this one"
        users.append(
            User(
                username=name,
                email=f"{name}@example.org",
                first_name="José" if n == 0 else f"First{n}",
                last_name="Ñandú" if n == 0 else "Last",
                password=hashed(passwords[name], kind) if kind else shared,
                date_joined=at(-10_000 + n),
                is_superuser=n == 1,
                is_staff=n == 1,
                phone_number="+34600123456" if n == 2 else "not a number",
            )
        )
    # Names that are no names here, an address that two have, somebody who never had a password, somebody who may not come in.
    users[50].username = "with space/and slash"
    users[51].username = "room"
    users[52].email = "PERSON00@example.org"
    users[53].password = "!" + "x" * 40
    users[54].is_active = False
    # Somebody else's address, which signs them in here.
    users[55].username = "person07@example.org"
    User.objects.bulk_create(users)
    users = list(User.objects.order_by("date_joined"))
    pairs = [(0, 1, "accepted"), (2, 0, "pending"), (1, 2, "rejected"), (3, 4, "accepted"), (4, 3, "accepted")]
    Friendship.objects.bulk_create(
        Friendship(from_user=users[a], to_user=users[b], status=status, created_at=at(n))
        for n, (a, b, status) in enumerate(pairs)
    )
    Block.objects.create(blocker=users[5], blocked=users[6], created_at=at(1))
    return users, passwords


def words(rng, n):
    stock = "hola qué tal vamos mañana a la playa the train leaves at noon 你好 🎉 **bold** <b>html</b> café".split()
    return " ".join(rng.choice(stock) for _ in range(rng.randrange(1, 14))) + f" {n}"


def make_chat(users, rng):
    from chat.models import ChatRoom, Message, MessageRead

    pictures = pathlib.Path(settings.MEDIA_ROOT, "chat_files")
    pictures.mkdir(parents=True)
    (pictures / "notes.txt").write_text("notes of the meeting\n")
    new = lambda: uuid.UUID(int=rng.getrandbits(128), version=4)
    for group in range(GROUPS):
        people = [users[0], users[1], *rng.sample(users[2:50], rng.randrange(2, 20))]
        room = ChatRoom.objects.create(
            id=new(), name=f"Group {group} ñ", room_type="group", created_by=users[1], created_at=at(group)
        )
        room.participants.set(people)
        messages = []
        for n in range(MESSAGES):
            message = Message(
                id=new(),
                room=room,
                sender=rng.choice(people),
                content=words(rng, n),
                created_at=at(100 + n * 3 + group),
                reply_to=rng.choice(messages) if n > 5 and n % 7 == 0 else None,
                is_deleted=n == 33,
                is_edited=n == 34,
                edited_at=at(5000) if n == 34 else None,
            )
            messages.append(message)
        messages[10].content = f"hi @{users[0].username}"
        messages[20].sender = None
        messages[30].content, messages[30].message_type = "", "file"
        messages[30].file = "chat_files/notes.txt"
        messages[31].file = "chat_files/gone.txt"
        messages[32].content = "long " * 3000
        messages[40].content = " \n "
        Message.objects.bulk_create(messages)
        MessageRead.objects.bulk_create(
            MessageRead(user=users[0], message=messages[n], read_at=at(4000 + n)) for n in range(0, 200, 20)
        )
    direct = ChatRoom.objects.create(id=new(), room_type="direct", created_by=users[0], created_at=at(3))
    direct.participants.set(users[:2])
    Message.objects.bulk_create(
        Message(id=new(), room=direct, sender=users[n % 2], content=words(rng, n), created_at=at(9 + n))
        for n in range(100)
    )
    ChatRoom.objects.create(id=new(), name="Nobody", room_type="group", created_at=at(4))


def make_others(users, rng):
    from chat.models import PublicChatRoom, PublicRoomChatMessage
    from inbox.models import PrivateMessage

    room = PublicChatRoom.objects.create(title="Global")
    PublicRoomChatMessage.objects.bulk_create(
        PublicRoomChatMessage(user=rng.choice(users[:10]), room=room, timestamp=at(n), content=words(rng, n))
        for n in range(400)
    )
    PrivateMessage.objects.bulk_create(
        PrivateMessage(
            sender=users[n % 2 + 2], receiver=users[3 - n % 2], content=words(rng, n), timestamp=at(n), is_read=n < 90
        )
        for n in range(120)
    )


def add_more(users):
    from accounts.models import Friendship, User
    from chat.models import ChatRoom, Message

    late = User.objects.create(
        username="latecomer", email="late@example.org", password=users[10].password, date_joined=at(9000)
    )
    room = ChatRoom.objects.get(name="Group 0 ñ")
    room.participants.add(late)
    answered = Message.objects.filter(room=room, is_deleted=False).order_by("created_at", "id").first()
    for n in range(3):
        Message.objects.create(
            room=room, sender=late, content=f"late {n}", created_at=at(9001 + n), reply_to=answered
        )
    Friendship.objects.create(from_user=late, to_user=users[0], status="pending", created_at=at(9000))


def said(messages, time="created_at"):
    return [
        {
            "content": message.content,
            "at": (getattr(message, time) - EPOCH) // datetime.timedelta(milliseconds=1),
            "deleted": getattr(message, "is_deleted", False),
        }
        for message in messages
    ]


def tell(passwords):
    from chat.models import ChatRoom, Message, PublicRoomChatMessage
    from inbox.models import PrivateMessage

    rooms = {
        room.name or "direct": said(Message.objects.filter(room=room).order_by("created_at", "id"))
        for room in ChatRoom.objects.all()
    }
    rooms["Global"] = said(PublicRoomChatMessage.objects.order_by("timestamp", "id"), "timestamp")
    rooms["inbox"] = said(PrivateMessage.objects.order_by("timestamp", "id"), "timestamp")
    json.dump({"passwords": passwords, "rooms": rooms}, sys.stdout)


def main(url, media, step="begin"):
    set_up(url, media)
    from accounts.models import User
    from django.core.management import call_command

    if step == "more":
        add_more(list(User.objects.order_by("date_joined")))
        return tell({})
    # Groups come first: users lead to them.
    call_command("migrate", "auth", verbosity=0)
    call_command("migrate", run_syncdb=True, verbosity=0)
    rng = random.Random(7)
    users, passwords = make_people()
    make_chat(users, rng)
    make_others(users, rng)
    tell(passwords)


main(*sys.argv[1:])
