// A real OpenID provider for the tests: it logs everybody in at once, as the account that PUT /account names.

import { createServer } from "node:http";
import Provider from "oidc-provider";

const [, , clientId, clientSecret, redirectUri] = process.argv;
let account = { sub: "nobody", email: "nobody@example.com", email_verified: false };

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    findAccount: async (_, sub) => ({ accountId: sub, claims: async () => account }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ["of the tests"] },
    pkce: { required: () => true, methods: ["S256"] },
  });
  const answer = provider.callback();
  server.on("request", async (request, response) => {
    if (request.url === "/account") {
      let body = "";
      for await (const chunk of request) body += chunk;
      account = JSON.parse(body);
      response.end();
    } else if (request.url.startsWith("/interaction/")) {
      const { params } = await provider.interactionDetails(request, response);
      const grant = new provider.Grant({ accountId: account.sub, clientId: params.client_id });
      grant.addOIDCScope("openid email");
      const done = { login: { accountId: account.sub }, consent: { grantId: await grant.save() } };
      await provider.interactionFinished(request, response, done);
    } else {
      answer(request, response);
    }
  });
  process.stdout.write(`${issuer}\n`);
});
