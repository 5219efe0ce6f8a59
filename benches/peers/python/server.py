"""A token endpoint of Authlib on Flask: client credentials, JWT access tokens, clients in memory.

The environment names a JSON file in BENCH_PLAN:
{"port", "algorithm", "key": PEM file, "audience", "scope", "clients": {id: secret}}.
"""

import hmac
import json
import os

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, scope_to_list
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc9068 import JWTBearerTokenGenerator
from flask import Flask
from joserfc.jwk import RSAKey

# The benchmark speaks plain HTTP on loopback.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

with open(os.environ["BENCH_PLAN"], encoding="utf-8") as file:
    PLAN = json.load(file)
with open(PLAN["key"], encoding="utf-8") as file:
    KEY = RSAKey.import_key(file.read())


class Client(ClientMixin):
    def __init__(self, client_id, secret):
        self.client_id = client_id
        self.secret = secret

    def get_client_id(self):
        return self.client_id

    def get_allowed_scope(self, scope):
        allowed = PLAN["scope"].split()
        return " ".join(one for one in scope_to_list(scope) or [] if one in allowed)

    def check_client_secret(self, client_secret):
        return hmac.compare_digest(self.secret, client_secret)

    def check_endpoint_auth_method(self, method, endpoint):
        return method == "client_secret_basic"

    def check_grant_type(self, grant_type):
        return grant_type == "client_credentials"


class Tokens(JWTBearerTokenGenerator):
    def get_jwks(self):
        return KEY

    def get_audiences(self, client, user, scope):
        return PLAN["audience"]


CLIENTS = {name: Client(name, secret) for name, secret in PLAN["clients"].items()}

app = Flask(__name__)
server = AuthorizationServer(app, query_client=CLIENTS.get, save_token=lambda token, request: None)
server.register_grant(ClientCredentialsGrant)
server.register_token_generator("default", Tokens(f"http://127.0.0.1:{PLAN['port']}", PLAN["algorithm"]))


@app.post("/oauth2/token")
def token():
    return server.create_token_response()
