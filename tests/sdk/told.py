"""What the scripts here have in common: a test tells what to do as JSON, and hears of it as JSON.

`script.py DOING` reads from stdin, calls the function DOING with it, and writes what that returns.
"""

import json
import sys
import urllib.error
import urllib.request


def run(doings):
    told = json.load(sys.stdin)
    found = {doing.__name__: doing for doing in doings}
    json.dump(found[sys.argv[1]](told), sys.stdout)


def post(url, headers, body):
    """The status of the answer, and its body."""
    body = body if isinstance(body, bytes) else body.encode()
    request = urllib.request.Request(url, body, dict(headers), method="POST")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def same(is_, must, what):
    assert is_ == must, f"{what}: {is_!r} instead of {must!r}"


def raised(kind, call, what):
    """What the call fails with, which has to be of this kind."""
    try:
        call()
    except kind as error:
        return error
    raise AssertionError(f"{what}: no {kind.__name__}")
