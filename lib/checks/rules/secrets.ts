import { textsIn } from '../json.ts';
import type { CheckRule } from '../rule.ts';

/** What a secret looks like, wherever it stands. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\b(AKIA|ASIA)[0-9A-Z]{16}\b/, 'an AWS access key'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
  [/\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\./, 'a JSON web token'],
  [/\bgh[pousr]_[A-Za-z0-9]{30,}\b/, 'a GitHub token'],
  [/\bxox[abprs]-[A-Za-z0-9-]{10,}/, 'a Slack token'],
  [/[a-z][a-z0-9+.-]*:\/\/[^\s/:@{}]+:[^\s/@{}$]{3,}@/i, 'a password in an address'],
];
/** Properties that hold a secret; what they may hold instead is a reference. */
const SECRET_KEY = /(^|\.)(\w*(password|passwd|secretaccesskey|secretstring|apikey|privatekey|authtoken)|token)$/i;

/** No secret and no token stands in a template: everyone who may read the stack would read it. */
export const SECRET_RULES: readonly CheckRule[] = [
  {
    id: 'Plantbridge-Secrets',
    asks: 'No secret stands in a template, and no unresolved token of the CDK.',
    *faults(stacks) {
      for (const stack of stacks)
        for (const resource of stack.resources)
          for (const { at, text } of textsIn(resource.properties)) {
            const found = PATTERNS.find(([pattern]) => pattern.test(text))?.[1];
            const isLiteral = SECRET_KEY.test(at) && text !== '' && !text.startsWith('{{resolve:');
            // The value itself is never shown.
            if (found !== undefined || isLiteral)
              yield {
                at,
                stack,
                resource,
                text: `must be a reference to AWS Secrets Manager, got: ${found ?? 'a text'}. Everyone who may read the stack would read it`,
              };
            if (/\$\{Token\[[^\]]*\]\}/.test(text))
              yield {
                at,
                stack,
                resource,
                text: 'must be resolved, got: a token of the CDK. Use Stack.toJsonString or Fn.sub',
              };
          }
    },
  },
];
