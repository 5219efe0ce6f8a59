// openid-client gets a token by discovery, with both ways to authenticate; jose checks it; fetch calls the API.
import assert from 'node:assert/strict'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as client from 'openid-client'

const { JTL_AUTH_BASE, JTL_API_BASE, CLIENT_ID, CLIENT_SECRET, TENANT_ID } = process.env
const insecure = { execute: [client.allowInsecureRequests] }

async function configuration(authentication, algorithm) {
  return client.discovery(new URL(JTL_AUTH_BASE), CLIENT_ID, undefined, authentication, { ...insecure, algorithm })
}

for (const authentication of [client.ClientSecretBasic(CLIENT_SECRET), client.ClientSecretPost(CLIENT_SECRET)]) {
  for (const algorithm of ['oidc', 'oauth2']) {
    const config = await configuration(authentication, algorithm)
    const tokens = await client.clientCredentialsGrant(config)
    assert.equal(tokens.token_type, 'bearer')
    assert.equal(tokens.expires_in, 3600)

    const { issuer, jwks_uri } = config.serverMetadata()
    const keys = createRemoteJWKSet(new URL(jwks_uri))
    const { payload, protectedHeader } = await jwtVerify(tokens.access_token, keys, {
      issuer,
      audience: 'einlass-platform',
      typ: 'at+jwt',
      subject: CLIENT_ID,
      requiredClaims: ['exp', 'iat', 'jti', 'client_id'],
    })
    assert.equal(protectedHeader.alg, 'RS256')
    assert.equal(payload.client_id, CLIENT_ID)

    const answer = await fetch(`${JTL_API_BASE}/erp/v2/info`, {
      headers: { Authorization: `Bearer ${tokens.access_token}`, 'X-Tenant-ID': TENANT_ID },
    })
    assert.equal(answer.status, 200)
    assert.equal((await answer.json()).tenant, TENANT_ID)
  }
}

const narrowed = await client.clientCredentialsGrant(await configuration(client.ClientSecretBasic(CLIENT_SECRET), 'oidc'), {
  scope: 'items.read',
})
assert.equal(narrowed.scope, 'items.read')

// RFC 6749 §5.2 has a 401 name the scheme; openid-client then reports the challenge, and the body has the code.
const wrong = await configuration(client.ClientSecretBasic('wrong'), 'oidc')
const refusal = await client.clientCredentialsGrant(wrong).catch((error) => error)
assert.equal(refusal.code, 'OAUTH_WWW_AUTHENTICATE_CHALLENGE')
assert.equal(refusal.status, 401)
assert.equal(refusal.cause[0].scheme, 'basic')
assert.equal((await refusal.response.json()).error, 'invalid_client')
