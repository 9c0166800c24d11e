import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { fill, l10n, render } from '../../../src/common/words.ts';
import type { Translate, Words } from '../../../src/common/words.ts';
import { parseConnections } from '../../../src/connections/connectionsSetting.ts';
import { normalizeStartUrl } from '../../../src/connections/startUrl/startUrl.ts';
import { SignInError } from '../../../src/flows/signInError.ts';
import { resolveOidcEndpoint } from '../../../src/oidc/endpoint.ts';
import { failure } from '../../../src/wire/failure.ts';
import { formatReport } from '../../../src/diagnostics/report.ts';
import { stateWords } from '../../../src/sessions/sessionState.ts';

const file = join(resolve(import.meta.dirname, '../../..'), 'l10n/bundle.l10n.de.json');
const bundle = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>;

const translate: Translate = ({ message, args, comment }) => {
  const key = comment.length === 0 ? message : `${message}/${comment.join('')}`;
  return fill({ message: bundle[key] ?? assert.fail(`"${key}" has no translation`), args });
};
const inGerman = (words: Words): string => render(words, translate);

const request = {
  operation: 'CreateToken',
  method: 'POST',
  url: new URL('https://oidc.eu-west-1.amazonaws.com/token'),
  headers: {},
  secrets: ['SECRET-refresh-token'],
} as const;

describe('in German', () => {
  it("a service error shows what happened, with the service's own words and its request id, and what to do", () => {
    const { words, message } = failure('InvalidGrantException', request, {
      sent: 'maybe',
      detail: l10n.t('The service asks to use the region {0}.', 'SECRET-refresh-token'),
      metadata: { HTTPStatusCode: 400, HTTPHeaders: {}, RetryAttempts: 0, RequestId: 'request-1' },
      words: { error_description: 'Invalid SECRET-refresh-token\u0007' },
    });
    assert.equal(
      inGerman(words),
      'Der Code oder das Aktualisierungstoken ist nicht mehr gültig. CreateToken bei oidc.eu-west-1.amazonaws.com ist fehlgeschlagen (InvalidGrantException, HTTP 400). ' +
        'Der Dienst fordert auf, die Region [redacted] zu verwenden. Der Dienst sagte: „Invalid [redacted]“ Anforderungs-ID: request-1. Melden Sie sich erneut an.',
    );
    assert.match(
      message,
      /^The code or refresh token is no longer valid\. CreateToken at oidc\.eu-west-1\.amazonaws\.com failed/,
    );
  });

  it('a failed sign-in says why', () => {
    assert.equal(
      inGerman(
        new SignInError('accessDenied', { connection: 'acme', words: 'Not you', requestId: 'r-1' }).words,
      ),
      'Die Anmeldung bei acme wurde im Browser abgelehnt. Der Dienst sagte: „Not you“ Anforderungs-ID: r-1. ' +
        'Melden Sie sich erneut an, und genehmigen Sie die Anmeldung, oder bitten Sie Ihren Administrator um Zugriff.',
    );
  });

  it('a start URL, a setting and an endpoint get a message that says what is wrong with them', () => {
    const startUrl = normalizeStartUrl('http://acme.awsapps.com/start');
    assert.ok(!startUrl.ok);
    assert.equal(
      inGerman(startUrl.problem),
      'Eine Start-URL beginnt mit https://, nicht mit http://. Versuchen Sie https://acme.awsapps.com/start.',
    );
    const { problems } = parseConnections([{ name: 'acme', region: 'Irland', startUrl: 'ftp://acme' }]);
    assert.deepEqual(
      problems.map(({ message }) => inGerman(message)),
      [
        'Verbindung "acme", region: Das ist kein Regionscode wie \'eu-central-1\'.',
        'Verbindung "acme", startUrl: Eine Start-URL beginnt mit https://, nicht mit ftp:. Sie sieht aus wie https://d-1234567890.awsapps.com/start.',
      ],
    );
    assert.throws(
      () => resolveOidcEndpoint({ endpoint: 'http://acme.example' }),
      ({ words }: { readonly words: Words }) =>
        inGerman(words) ===
        'Die Endpunkt-URL verwendet nicht https. Verwenden Sie https. http ist nur für Loopback-Hosts zulässig.',
    );
  });

  it('a session shows its state', () => {
    const connection = { name: 'acme', startUrl: 'https://acme.awsapps.com/start', region: 'eu-west-1' };
    const lastRefresh = { at: 0, result: 'Timeout' };
    const state = {
      kind: 'signedIn',
      issuedAt: 0,
      expiresAt: 20_000,
      refreshable: true,
      lastRefresh,
    } as const;
    const account = { id: 'acme', label: 'acme' };
    const session = { id: '1', account, connection, scopes: [], signedInAt: 0, generation: 1, state };
    assert.equal(
      inGerman(stateWords(session, 0, () => '12:00')),
      'Token noch weniger als eine Minute gültig · Fehler bei der Aktualisierung (12:00): Es ist rechtzeitig keine vollständige Antwort eingegangen. · Angemeldet: 12:00',
    );
  });

  it('the report of the diagnostics has the same structure', () => {
    const findings = [
      {
        title: l10n.t('Locks'),
        outcome: 'ok',
        summary: l10n.t(
          "The system's file locks and lock files work in {0} and keep a second process out.",
          '*',
        ),
      },
    ] as const;
    const sections = [{ title: l10n.t('This Computer'), findings }];
    assert.equal(
      formatReport({ at: 0, facts: {}, sections }, '/home/me', translate).split('\n## Umgebung')[0],
      [
        '# AWS-SSO-Diagnose',
        '',
        '**Keine Probleme gefunden.**',
        '',
        '## Dieser Computer',
        '',
        String.raw`- ✓ OK **Sperren**: Die Dateisperren des Systems und Sperrdateien funktionieren in \* und halten einen zweiten Prozess fern.`,
        '',
      ].join('\n'),
    );
  });
});
