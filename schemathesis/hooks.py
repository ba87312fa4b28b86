"""What Schemathesis has to know of the server beyond its document."""

import json
import os
from itertools import count
from zlib import crc32

import requests
import schemathesis

FACTS = json.loads(os.environ["CHARLA_FACTS"])
IDS = FACTS["ids"]
NUMBERS = count()

# These end the session that asks: each call has an account of its own.
ENDS_SESSION = {
    ("POST", "/api/v1/auth/logout/"),
    ("POST", "/api/v1/auth/password/change/"),
    ("DELETE", "/api/v1/auth/sessions/{id}/"),
    ("DELETE", "/api/v1/users/me/"),
}

# Members of bodies that name something.
MEMBERS = {
    "room": "rooms",
    "user_id": "users",
    "user_ids": "users",
    "participants": "users",
    "message_id": "messages",
    "message_ids": "messages",
    "reply_to_id": "messages",
}


def passing_account():
    """The token of an account that nobody needs any more afterwards."""
    name = f"passing-{FACTS['salt']}-{next(NUMBERS)}"
    body = {"username": name, "email": f"{name}@example.org", "password": FACTS["password"]}
    answer = requests.post(f"{FACTS['url']}/api/v1/auth/register/", json=body, timeout=30)
    answer.raise_for_status()
    return answer.json()["access"]


@schemathesis.hook
def before_call(context, case, kwargs):
    """Whoever is asked to end their session is somebody else each time."""
    if (case.method.upper(), case.operation.path) not in ENDS_SESSION:
        return
    for headers in (case.headers, kwargs.get("headers")):
        if headers and str(headers.get("Authorization", "")).startswith("Bearer ey"):
            headers["Authorization"] = f"Bearer {passing_account()}"


def known(value, kind):
    """In two of three cases something that is there in place of what was made up."""
    choice = crc32(str(value).encode())
    return value if choice % 3 == 0 else IDS[kind][choice // 3 % len(IDS[kind])]


def kind_of_parameter(path, name):
    """What a parameter of that name in that path names."""
    if name == "user_id":
        return "users"
    if name == "message_id" or (name == "id" and "/messages/" in path):
        return "messages"
    if name == "id" and "/rooms/" in path:
        return "rooms"
    return "users" if name == "id" and "/users/" in path else None


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    for name, value in (path_parameters or {}).items():
        kind = kind_of_parameter(context.operation.path, name)
        if kind:
            path_parameters[name] = known(value, kind)
    return path_parameters


@schemathesis.hook
def map_body(context, body):
    if isinstance(body, dict):
        for name, value in body.items():
            kind = MEMBERS.get(name)
            if kind and isinstance(value, str):
                body[name] = known(value, kind)
            elif kind and isinstance(value, list):
                body[name] = [known(item, kind) if isinstance(item, str) else item for item in value]
    return body
