// A token endpoint of oidc-provider: client credentials, JWT access tokens, clients in memory.
// It is given a JSON file: {"port", "processes", "algorithm", "key": PEM file, "audience", "scope", "clients": {id: secret}}.

import cluster from 'node:cluster';
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Provider from 'oidc-provider';

const plan = JSON.parse(readFileSync(process.argv[2], 'utf8'));

if (cluster.isPrimary && plan.processes > 1) {
  for (let number = 0; number < plan.processes; number += 1) cluster.fork();
} else {
  serve();
}

function serve() {
  const { port, algorithm, key, audience, scope } = plan;
  const jwk = createPrivateKey(readFileSync(key)).export({ format: 'jwk' });
  const clients = Object.entries(plan.clients).map(([client_id, client_secret]) => ({
    client_id,
    client_secret,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: algorithm,
  }));
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients,
    jwks: { keys: [{ ...jwk, alg: algorithm, use: 'sig' }] },
    routes: { token: '/oauth2/token' },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => 'https://api.example',
        getResourceServerInfo: () => ({
          scope,
          audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 3600,
          jwt: { sign: { alg: algorithm } },
        }),
      },
    },
  });
  provider.listen(port, '127.0.0.1');
}
