// Where an issuer of ours answers otherwise than oidc-provider: the case, what we answer, what they do, why, and at which issuer
// if at one alone. A row that is true no more has to go.

const METHOD = 'RFC 9110 §15.5.6: the resource is there, and has another method'
const AUTHENTICATION = 'RFC 6749 §5.2: "no client authentication included" and a failed one are invalid_client, 401 above all where it was tried by Authorization'
const FORM = 'RFC 6749 §3.2: parameters are in the body, once each, and nobody has to guess'
const BURNT = 'RFC 9700 §2.1.1: whoever has a code without its verifier gets one attempt'
const VERIFIER = 'RFC 7636 §4.6: a verifier that does not fit is invalid_grant, and one that could not be one does not fit'
const MODE = 'OAuth 2.0 Multiple Response Types §2.1, RFC 6749 §4.1.2.1: query is the mode of a code, and another one an invalid value'
const UNKNOWN_TYPE = 'RFC 6749 §3.1.1: a response type that is not understood is answered as §4.1.2.1 says, in the query'
const TWICE = 'RFC 6749 §3.1: request parameters MUST NOT be included more than once, and §4.1.2.1 says what becomes of whoever does; known or not is one rule'
const JUST_NOW = 'OpenID Connect Core §3.1.2.1: a sign-in of the last minute is the one that was asked for; with less, whoever comes back from it would be asked again'
const ANOTHERS = 'RFC 7009 §2.1: an error that it does not name; RFC 6749 §5.2 has one for what "was issued to another client"'
const NOT_ONES_OWN = 'RFC 7662 §2.2, §4: nobody learns anything about a token that is not an access token of its own'

export const ON_PURPOSE = [
  ['authorization: response_type=token', 'redirect unsupported_response_type', 'fragment unsupported_response_type', UNKNOWN_TYPE],
  ['authorization: response_type=id_token', 'redirect unsupported_response_type', 'fragment unsupported_response_type', UNKNOWN_TYPE],
  ['authorization: response_type=code id_token', 'redirect unsupported_response_type', 'fragment unsupported_response_type', UNKNOWN_TYPE],
  ['authorization: no scope', 'asks for consent', 'redirect access_denied', 'RFC 6749 §3.3: a default, which is what the app asks for', 'a'],
  ['authorization: no scope', 'redirect invalid_scope', 'redirect access_denied', 'RFC 6749 §3.3: or the request fails; this issuer wants openid', 'b'],
  ['authorization: a scope without openid', 'redirect invalid_scope', 'asks for consent', 'RFC 6749 §3.3: this issuer wants openid', 'b'],
  ['authorization: a scope that nobody knows', 'redirect invalid_scope', 'asks for consent', 'RFC 6749 §4.1.2.1: an unknown scope is invalid_scope'],
  ['authorization: a long nonce', 'redirect invalid_request', 'asks for consent', 'RFC 6749 §4.1.2.1: nobody needs more than 512 characters, and each is kept'],
  ['authorization: prompt=none of a public client', 'redirect consent_required', 'redirect interaction_required', 'OpenID Connect Core §3.1.2.6: it is consent that is lacking'],
  ['authorization: registration', 'asks for consent', 'redirect registration_not_supported', 'OpenID Connect Core §7.2.1: a parameter of self-issued providers; RFC 6749 §3.1: others pass over what they do not know'],
  ['authorization: response_mode=fragment', 'redirect invalid_request', 'asks for consent', MODE],
  ['authorization: response_mode=form_post', 'redirect invalid_request', 'asks for consent', MODE],
  ['authorization: response_mode=garbage', 'redirect invalid_request', 'redirect unsupported_response_mode', MODE],
  ['authorization: an error by response_mode=form_post', 'redirect invalid_request', 'a form to the client', MODE],
  ['authorization: two of what nobody knows', 'redirect invalid_request', 'asks for consent', TWICE],
  ['authorization, just signed in: prompt=login', 'asks for consent', 'asks to sign in', JUST_NOW],
  ['authorization, just signed in: prompt=login consent', 'asks for consent', 'asks to sign in', JUST_NOW],
  ['authorization, just signed in: prompt=select_account', 'asks for consent', 'redirect invalid_request', `${JUST_NOW}; they have no such prompt`],
  ['authorization, just signed in: max_age=0', 'asks for consent', 'asks to sign in', JUST_NOW],

  ['token: nobody', '401 invalid_client', '400 invalid_request', AUTHENTICATION],
  ['token: an empty secret by Basic', '401 invalid_client', '400 invalid_request', AUTHENTICATION],
  ['token: Basic without a colon', '401 invalid_client', '400 invalid_request', AUTHENTICATION],
  ['token: Basic that is no base64', '401 invalid_client', '400 invalid_request', AUTHENTICATION],
  ['token: Bearer', '401 invalid_client', '400 invalid_request', AUTHENTICATION],
  ['token: two of what nobody knows', '400 invalid_request', '200', FORM],
  ['token: parameters in the URL too', '400 invalid_request', '200', FORM],
  ['token: 20 KiB', '413 invalid_request', '200', 'RFC 9110 §15.5.14: a request needs a few hundred bytes; theirs may have 56 KiB'],
  ['token: GET', '405 invalid_request', '404', METHOD],
  ['token: PUT', '405 invalid_request', '404', METHOD],
  ['token: client credentials of a public client', '400 unauthorized_client', '400 invalid_request', 'RFC 6749 §5.2: a grant that the client may not use is unauthorized_client'],
  ['token: client credentials without a scope', '400 invalid_scope', '200', 'RFC 6749 §3.3: this issuer wants openid', 'b'],
  ['token: client credentials for openid alone', '400 invalid_scope', '200', 'RFC 6749 §3.3: there nobody is whose identity could be told', 'a'],
  ['token: code: no code_verifier', '400 invalid_request', '400 invalid_grant', 'RFC 6749 §5.2: a parameter that is missing is invalid_request'],
  ['token: code: a verifier that is too short', '400 invalid_grant', '400 invalid_request', VERIFIER],
  ['token: code: a verifier that is too long', '400 invalid_grant', '400 invalid_request', VERIFIER],
  ['token: code: a verifier of strange characters', '400 invalid_grant', '400 invalid_request', VERIFIER],
  ['token: code: after another verifier', '400 invalid_grant', '200', BURNT],
  ['token: code: after another redirect_uri', '400 invalid_grant', '200', BURNT],
  ['token: refresh: a second time, at once', '200', '400 invalid_grant', 'RFC 9700 §4.14.2: whose answer was lost gets the same successor for thirty seconds, until that is used'],

  ['revocation: another client\'s access token', '400 invalid_grant, 200 active true', '400 invalid_request, 200 active true', ANOTHERS],
  ['revocation: another client\'s refresh token', '400 invalid_grant, 200', '400 invalid_request, 200', ANOTHERS],
  ['revocation: an ID token', '200', '400 unsupported_token_type', 'RFC 7009 §2.2: what is no token of ours is as good as revoked'],
  ['revocation: nobody', '401 invalid_client', '400 invalid_request', AUTHENTICATION],
  ['introspection: nobody', '401 invalid_client', '400 invalid_request', AUTHENTICATION],
  ['introspection: a refresh token', '200 active false', '200 active true', NOT_ONES_OWN],
  ['introspection: an ID token', '200 active false', '400 unsupported_token_type', NOT_ONES_OWN],
  ['introspection: another client\'s access token', '200 active false', '200 active true', NOT_ONES_OWN],
  ['introspection: another client\'s refresh token', '200 active false', '200 active true', NOT_ONES_OWN],
  ['introspection: an access token, by a public client', '400 unauthorized_client', '200 active true', 'RFC 7662 §2.1: whoever asks has to prove who it is'],

  ['logout: by nobody', 'page 400', 'asks, to nobody', 'RP-Initiated Logout §3: nobody is sent on without a client; the app\'s developer is told so'],

  ['discovery: userinfo_endpoint', 'undefined', 'below the issuer', 'OpenID Connect Discovery §3: recommended; there is none'],
  ['discovery: scopes_supported', 'offline_access openid', 'customers.read items.read offline_access openid returns.write', 'RFC 8414 §2: some may be left out; those of the APIs are the apps\' own'],
  ['discovery: response_modes_supported', 'query', 'form_post fragment query', MODE],
  ['discovery: claims_supported', 'undefined', 'auth_time iss sid sub', 'OpenID Connect Discovery §3: recommended; there are none but those of every ID token'],
  ['discovery: revocation_endpoint_auth_methods_supported', 'client_secret_basic client_secret_post none', 'client_secret_basic', 'RFC 8414 §2: they do not say what they have'],
  ['discovery: introspection_endpoint_auth_methods_supported', 'client_secret_basic client_secret_post', 'undefined', 'RFC 8414 §2: they do not say what they have'],
]

// What we do wrong. Whoever mends it takes the row away.
export const FAULTS = []
