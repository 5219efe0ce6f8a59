"""A marketplace channel and a seller, written from the wire's description alone: the exchange in every encoding,
sign-up, update, unlink and the channel's events."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import requests

BASE, CHANNEL = os.environ["SCX_BASE"], os.environ["SCX_CHANNEL"]
CHANNEL_REFRESH, SELLER_REFRESH = os.environ["SCX_REFRESH_TOKEN"], os.environ["SCX_SELLER_REFRESH_TOKEN"]
AUTH = f"{BASE}/auth"


def errors(answer, status):
    assert answer.status_code == status, (answer.status_code, answer.text)
    (error,) = answer.json()["errorList"]
    assert set(error) == {"code", "message", "severity", "hint"} and error["severity"] == "error", error
    return error


class Party:
    def __init__(self, answer):
        assert answer.status_code == 200, answer.text
        token = answer.json()
        assert set(token) == {"scope", "authToken", "tokenExpireAt", "expiresIn"}, token.keys()
        assert type(token["expiresIn"]) is int
        assert datetime.fromisoformat(token["tokenExpireAt"]).utcoffset() is not None
        self.scope = token["scope"]
        self.headers = {"Authorization": "Bearer " + token["authToken"]}

    def call(self, method, path, **more):
        answer = requests.request(method, BASE + path, headers=self.headers | more.pop("headers", {}), **more)
        for name in ("Limit", "Interval-Length-Seconds", "Remaining"):
            assert answer.headers[f"X-RateLimit-{name}"].isdigit(), name
        return answer


def session(url):
    (value,) = parse_qs(urlsplit(url).query)["session"]
    assert len(value) == 64
    return value


# The exchange: multipart, urlencoded, in the query without a body.
assert Party(requests.post(AUTH, files={"refreshToken": (None, CHANNEL_REFRESH)})).scope == "CHANNEL"
assert Party(requests.post(f"{AUTH}?refreshToken={CHANNEL_REFRESH}")).scope == "CHANNEL"
channel = Party(requests.post(AUTH, data={"refreshToken": CHANNEL_REFRESH}))
seller = Party(requests.post(AUTH, data={"refreshToken": SELLER_REFRESH}))
assert seller.scope == "SELLER"

wrong = {"refreshToken": "CHAN:wrong"}
assert errors(requests.post(AUTH, data=wrong), 400)["code"] == "ATH000"
english = errors(requests.post(AUTH, data=wrong, headers={"Accept-Language": "en"}), 400)["message"]
german = errors(requests.post(AUTH, data=wrong), 400)["message"]
assert "refresh token" in english and "widerrufen" in german

# Sign-up: the seller goes to the channel, the channel links it. Of many uses of a session one counts.
sign_up = seller.call("POST", f"/seller/channel/{CHANNEL}").json()
one_time = session(sign_up["signUpUrl"])
for name in ("session", "sessionId"):
    asked = channel.call("GET", "/channel/seller/signup-session", params={name: one_time})
    assert asked.json()["jtlAccountId"] >= 1


def link(number):
    body = {"session": one_time, "sellerId": f"referee_{number}", "companyName": "Müller & Söhne"}
    return channel.call("POST", "/channel/seller", json=body).status_code


with ThreadPoolExecutor(8) as pool:
    statuses = sorted(pool.map(link, range(8)))
assert statuses == [201] + [404] * 7, statuses
(linked,) = channel.call("GET", "/channel/seller/list").json()["sellerList"]
assert linked["companyName"] == "Müller & Söhne" and linked["isActiveByChannel"] and linked["isActiveByJTL"]

# Update.
update = seller.call("PATCH", f"/seller/channel/{CHANNEL}", params={"sellerId": linked["sellerId"]}).json()
one_time = session(update["updateUrl"])
asked = channel.call("GET", "/channel/seller/update-session", params={"session": one_time})
assert asked.json()["sellerId"] == linked["sellerId"]
change = {"sessionId": one_time, "isActive": False}
assert channel.call("PATCH", "/channel/seller", json=change).status_code == 201
errors(channel.call("PATCH", "/channel/seller", json=change), 404)
assert not channel.call("GET", "/channel/seller/list").json()["sellerList"][0]["isActiveByChannel"]

# The other's paths.
hint = errors(channel.call("POST", f"/seller/channel/{CHANNEL}", headers={"Accept-Language": "en"}), 403)["hint"]
assert "seller" in hint
errors(seller.call("GET", "/channel/seller/list"), 403)
errors(seller.call("GET", "/channel/event"), 403)
errors(requests.get(BASE + "/channel/event"), 401)

# Unlink, and the event that tells of it, until it is acknowledged.
gone = channel.call("DELETE", f"/channel/seller/{linked['sellerId']}", params={"reason": "closed"})
assert 200 <= gone.status_code < 300
for _ in range(2):
    (event,) = channel.call("GET", "/channel/event").json()["eventList"]
    assert event["type"] == "Seller:Channel.Unlinked" and event["event"]["sellerId"] == linked["sellerId"]
acknowledged = channel.call("DELETE", "/channel/event", json={"eventIdList": [event["id"]]})
assert acknowledged.status_code == 204, acknowledged.text
assert channel.call("GET", "/channel/event").json()["eventList"] == []

# The channel itself, which is the marketplace's own business.
assert channel.call("GET", "/channel").json()["isActive"]
changed = channel.call("PATCH", "/channel", json={"signUpUrl": "https://elsewhere.example/join"})
assert changed.json()["channel"]["signUpUrl"] == "https://elsewhere.example/join", changed.text
assert seller.call("POST", f"/seller/channel/{CHANNEL}").json()["signUpUrl"].startswith("https://elsewhere.")
errors(channel.call("GET", "/channel/nothing"), 404)
