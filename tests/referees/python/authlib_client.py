"""Authlib gets a token in both ways, PyJWT checks it with the published keys, and the session calls the API."""

import os

import jwt
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session

AUTH, API = os.environ["JTL_AUTH_BASE"], os.environ["JTL_API_BASE"]
CLIENT, SECRET, TENANT = os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"], os.environ["TENANT_ID"]
TOKEN_ENDPOINT = f"{AUTH}/oauth2/token"


def session(method, secret=SECRET):
    return OAuth2Session(CLIENT, secret, token_endpoint_auth_method=method)


for method in ("client_secret_basic", "client_secret_post"):
    api = session(method)
    token = api.fetch_token(TOKEN_ENDPOINT, grant_type="client_credentials")
    assert (token["token_type"], token["expires_in"]) == ("Bearer", 3600), token.keys()

    key = jwt.PyJWKClient(f"{AUTH}/.well-known/jwks.json").get_signing_key_from_jwt(token["access_token"])
    claims = jwt.decode(
        token["access_token"],
        key,
        algorithms=["RS256"],
        issuer=AUTH,
        audience="einlass-platform",
        options={"require": ["exp", "iat", "nbf", "iss", "aud", "sub", "jti"]},
    )
    assert claims["sub"] == claims["client_id"] == CLIENT
    assert sorted(claims["scp"]) == claims["scope"].split()

    answer = api.get(f"{API}/erp/v2/items", headers={"X-Tenant-ID": TENANT})
    assert answer.status_code == 200, answer.status_code
    refused = api.post(f"{API}/erp/v2/returns", json={}, headers={"X-Tenant-ID": TENANT})
    assert refused.status_code == 403 and "returns.write" in refused.json()["errorMessage"], refused.text

    try:
        session(method, "wrong").fetch_token(TOKEN_ENDPOINT, grant_type="client_credentials")
    except OAuthError as error:
        assert error.error == "invalid_client"
    else:
        raise AssertionError("a wrong secret was accepted")
