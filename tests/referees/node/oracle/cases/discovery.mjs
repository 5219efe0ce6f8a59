import { at } from '../cases.mjs'

// What each says of itself, or by its silence (RFC 8414 §2, OpenID Connect Discovery §3). An address is as good as another.
const DISCOVERY = {
  issuer: undefined,
  authorization_endpoint: undefined,
  token_endpoint: undefined,
  jwks_uri: undefined,
  revocation_endpoint: undefined,
  introspection_endpoint: undefined,
  end_session_endpoint: undefined,
  userinfo_endpoint: undefined,
  registration_endpoint: undefined,
  pushed_authorization_request_endpoint: undefined,
  response_types_supported: undefined,
  response_modes_supported: ['query', 'fragment'],
  grant_types_supported: ['authorization_code', 'implicit'],
  scopes_supported: undefined,
  subject_types_supported: undefined,
  id_token_signing_alg_values_supported: undefined,
  token_endpoint_auth_methods_supported: ['client_secret_basic'],
  revocation_endpoint_auth_methods_supported: ['client_secret_basic'],
  introspection_endpoint_auth_methods_supported: undefined,
  code_challenge_methods_supported: undefined,
  authorization_response_iss_parameter_supported: false,
  claims_parameter_supported: false,
  request_parameter_supported: false,
  request_uri_parameter_supported: true,
  require_request_uri_registration: false,
  claims_supported: undefined,
  claim_types_supported: ['normal'],
}
for (const [name, unsaid] of Object.entries(DISCOVERY)) {
  at(`discovery: ${name}`, async ({ metadata, issuer }) => {
    const value = metadata[name] ?? unsaid
    if (name === 'issuer') return value === issuer ? 'its own' : value
    if (typeof value === 'string') return value.startsWith(`${issuer}/`) ? 'below the issuer' : value
    return Array.isArray(value) ? [...value].sort().join(' ') : String(value)
  })
}
