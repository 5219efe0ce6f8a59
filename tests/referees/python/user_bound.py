"""Authlib has a person let an app in, at the issuer that ISSUER names: code with a proof key, ID token, refresh, giving back
and signing out, for a client with a secret and for one without. requests plays the browser; joserfc checks the ID token."""

import os
import secrets
import time
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import KeySet

ISSUER, AUTH, API = os.environ["ISSUER"], os.environ["JTL_AUTH_BASE"], os.environ["JTL_API_BASE"]
TENANT = os.environ["TENANT_ID"]
CALLBACK, LEFT = "https://app.example/callback?kept=1", "https://app.example/left"
URIS = {"redirect_uris": [CALLBACK], "post_logout_redirect_uris": [LEFT]}

METADATA = requests.get(f"{ISSUER}/.well-known/openid-configuration").json()
assert METADATA["issuer"] == ISSUER and "S256" in METADATA["code_challenge_methods_supported"]
KEYS = KeySet.import_key_set(requests.get(METADATA["jwks_uri"]).json())


def administer(method, path, body):
    headers = {"Authorization": f"Bearer {os.environ['ADMIN_TOKEN']}"}
    answer = requests.request(method, f"{AUTH}/admin/api{path}", headers=headers, json=body)
    assert answer.ok, answer.text
    return answer.json()


class Form(HTMLParser):
    """The form of a page that has a field or a button of this name."""

    def __init__(self, page, name):
        super().__init__()
        self.forms = []
        self.feed(page)
        (self.found,) = [form for form in self.forms if name in form["names"]]

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.forms.append({"action": attributes["action"], "hidden": {}, "names": set()})
        elif tag in ("input", "button") and self.forms and "name" in attributes:
            self.forms[-1]["names"].add(attributes["name"])
            if attributes.get("type") == "hidden":
                self.forms[-1]["hidden"][attributes["name"]] = attributes.get("value") or ""


class Browser(requests.Session):
    def send_form(self, action, fields):
        return self.post(urljoin(AUTH, action), fields, headers={"Origin": AUTH}, allow_redirects=False)

    def answer(self, page, button, more):
        assert page.status_code == 200, page.text
        form = Form(page.text, button).found
        return self.send_form(form["action"], form["hidden"] | more)

    def sign_in(self):
        fields = {"email": os.environ["MERCHANT_EMAIL"], "password": os.environ["MERCHANT_PASSWORD"]}
        assert self.send_form("/login", fields).status_code == 303


def oauth_error(call):
    try:
        call()
    except OAuthError as error:
        return error.error
    raise AssertionError("it was granted")


def items(token):
    headers = {"Authorization": f"Bearer {token}", "X-Tenant-ID": TENANT}
    return requests.get(f"{API}/erp/v2/items", headers=headers).status_code


def holds(session, state):
    """What a client does from the beginning to the end."""
    browser, nonce, verifier = Browser(), secrets.token_urlsafe(), secrets.token_urlsafe(48)
    url, _ = session.create_authorization_url(
        METADATA["authorization_endpoint"], state=state, code_verifier=verifier, nonce=nonce, prompt="consent"
    )
    assert "code_challenge_method=S256" in url
    sent_away = browser.get(url, allow_redirects=False)
    assert sent_away.status_code == 303 and urlsplit(sent_away.headers["Location"]).path == "/login"
    browser.sign_in()
    back = browser.answer(browser.get(url), "allow", {"allow": "true"}).headers["Location"]
    said = parse_qs(urlsplit(back).query)
    assert back.startswith(CALLBACK + "&") and said["iss"] == [ISSUER], back

    began = int(time.time())
    redeemed = {"authorization_response": back, "code_verifier": verifier, "redirect_uri": CALLBACK}
    token = session.fetch_token(METADATA["token_endpoint"], state=state, **redeemed)
    assert token["token_type"] == "Bearer" and 0 < token["expires_in"] <= 3600, token.keys()
    assert "items.read" in token["scope"].split()

    decoded = jwt.decode(token["id_token"], KEYS, algorithms=METADATA["id_token_signing_alg_values_supported"])
    registry = jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": ISSUER},
        aud={"essential": True, "value": session.client_id},
        nonce={"essential": True, "value": nonce},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        auth_time={"essential": True},
    )
    registry.validate(decoded.claims)
    assert decoded.claims["auth_time"] <= began + 1
    assert items(token["access_token"]) == 200
    assert items(token["id_token"]) == 401

    first = token["refresh_token"]
    renewed = session.refresh_token(METADATA["token_endpoint"], first)
    assert renewed["refresh_token"] != first and renewed["access_token"] != token["access_token"]
    claims = jwt.decode(renewed["id_token"], KEYS, algorithms=["RS256"]).claims
    assert (claims["sub"], claims["auth_time"]) == (decoded.claims["sub"], decoded.claims["auth_time"])
    # Its answer might have been lost: the same successor, until that is used. From then on the first one ends it all.
    again = session.refresh_token(METADATA["token_endpoint"], first)
    assert again["refresh_token"] == renewed["refresh_token"]
    last = session.refresh_token(METADATA["token_endpoint"], renewed["refresh_token"])
    assert len({first, renewed["refresh_token"], last["refresh_token"]}) == 3
    assert items(last["access_token"]) == 200
    assert oauth_error(lambda: session.refresh_token(METADATA["token_endpoint"], first)) == "invalid_grant"
    assert oauth_error(lambda: session.refresh_token(METADATA["token_endpoint"], last["refresh_token"])) == "invalid_grant"
    assert items(last["access_token"]) == 401, "the grant has ended"

    # Once more, and given back.
    back = browser.answer(browser.get(url), "allow", {"allow": "true"}).headers["Location"]
    token = session.fetch_token(
        METADATA["token_endpoint"], state=state, authorization_response=back, code_verifier=verifier, redirect_uri=CALLBACK
    )
    revoked = session.revoke_token(
        METADATA["revocation_endpoint"], token=token["refresh_token"], token_type_hint="refresh_token"
    )
    assert revoked.status_code == 200, revoked.text
    assert oauth_error(lambda: session.refresh_token(METADATA["token_endpoint"], token["refresh_token"])) == "invalid_grant"
    assert items(token["access_token"]) == 401

    # Signed out, and sent on.
    wish = {"id_token_hint": token["id_token"], "post_logout_redirect_uri": LEFT, "state": "ö &"}
    page = browser.get(METADATA["end_session_endpoint"], params=wish)
    gone = browser.answer(page, "post_logout_redirect_uri", {}).headers["Location"]
    assert gone.startswith(LEFT + "?") and parse_qs(urlsplit(gone).query) == {"state": ["ö &"]}, gone
    after = browser.get(url, allow_redirects=False)
    assert urlsplit(after.headers["Location"]).path == "/login"


def session_of(client, secret, method):
    return OAuth2Session(
        client,
        secret,
        scope="openid offline_access items.read",
        redirect_uri=CALLBACK,
        token_endpoint_auth_method=method,
        revocation_endpoint_auth_method=method,
        code_challenge_method="S256",
    )


confidential, secret = os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"]
administer("PUT", f"/clients/{confidential}/redirect-uris", URIS)
public = administer("POST", "/apps/stock-mirror/clients", URIS | {"public": True})["client"]["id"]
holds(session_of(confidential, secret, "client_secret_basic"), "first")
holds(session_of(confidential, secret, "client_secret_post"), "second")
holds(session_of(public, None, "none"), "third")

# A secret that is missing or wrong takes a client's code nowhere.
for method, wrong in (("none", None), ("client_secret_basic", "wrong"), ("client_secret_post", "wrong")):
    session = session_of(confidential, wrong, method)
    refused = oauth_error(lambda: session.fetch_token(METADATA["token_endpoint"], code="x", grant_type="authorization_code"))
    assert refused == "invalid_client", (method, refused)
