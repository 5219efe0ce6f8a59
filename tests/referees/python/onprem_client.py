"""An app that registers at an on-premise ERP, written from the wire document alone, with nothing but the standard library.

The merchant's admin acts by the command line's API in between: this client knows only what an app knows.
"""

import json
import os
import secrets
import urllib.error
import urllib.request

BASE = os.environ["ONPREM_BASE"]
ADMIN = os.environ["EINLASS_URL"] + "/admin/api"
CODE = secrets.token_hex(15)

MANIFEST = {
    "AppId": "lager/v1",
    "DisplayName": "Lager",
    "Description": "Zählt, was da ist",
    "Version": "1.0.0",
    "ProviderName": "Lagerhaus GmbH",
    "ProviderWebsite": "https://lagerhaus.example",
    "AppIcon": "",
    "MandatoryApiScopes": ["items.read"],
    "OptionalApiScopes": ["items.write"],
    "RegistrationType": 0,
    "LocalizedDisplayNames": [{"LanguageIso": "en", "Name": "Stock"}],
    "LocalizedDescriptions": [],
}


def send(method, url, headers=None, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method, headers=headers or {})
    request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read() or b"null")


def app(method, path, body=None, code=CODE):
    headers = {} if code is None else {"X-ChallengeCode": code}
    return send(method, f"{BASE}/{path}", headers, body)


def admin(method, path, body=None):
    return send(method, f"{ADMIN}/{path}", {"Authorization": f"Bearer {os.environ['ADMIN_TOKEN']}"}, body)


def expect(found, status, what):
    assert found[0] == status, f"{what}: {found} and not {status}"
    return found[1]


DATABASE = BASE.rsplit("/", 1)[1]

expect(app("POST", "authentication", MANIFEST), 403, "nobody waits")
expect(admin("POST", f"sites/{DATABASE}/wait"), 200, "the admin waits")
expect(app("POST", "authentication", MANIFEST, code=None), 400, "no challenge code")
expect(app("POST", "authentication", {"AppId": "lager/v1"}), 400, "half a body")
made = expect(app("POST", "authentication", MANIFEST), 201, "the registration")
assert made["AppId"] == "lager/v1" and made["Status"] == 0, made
request_id = made["RegistrationRequestId"]
path = f"authentication/{request_id}"

pending = expect(app("GET", path), 200, "a poll")
assert pending["RequestStatusInfo"] == made and "Token" not in pending, pending
expect(app("GET", path, code="another"), 404, "another caller's poll")
expect(app("GET", "authentication/00000000-0000-0000-0000-000000000000"), 404, "an unknown id")

expect(admin("POST", f"registrations/{request_id}/accept", {"optional": ""}), 200, "the admin accepts")
accepted = expect(app("GET", "v2/" + path), 200, "the poll that brings the key")
assert accepted["requestStatusInfo"]["status"] == 2 and accepted["grantedScopes"] == ["items.read"], accepted
assert len(accepted["token"]["apiKey"]) == 36
expect(app("GET", path), 410, "the key is readable once")

expect(admin("POST", f"sites/{DATABASE}/wait"), 200, "the admin waits again")
expect(app("POST", "v1/authentication", MANIFEST), 409, "the app is registered already")
expect(admin("DELETE", f"registrations/{request_id}"), 204, "the admin revokes it")
again = expect(app("POST", "v1/authentication", MANIFEST), 201, "it registers anew")
expect(admin("POST", f"registrations/{again['RegistrationRequestId']}/reject"), 200, "the admin says no")
told = expect(app("GET", f"v1/authentication/{again['RegistrationRequestId']}"), 200, "it is told so")
assert told["RequestStatusInfo"]["Status"] == 1, told
