import { l10n } from '../common/words.ts';
import type { Words } from '../common/words.ts';

/** What the service itself said of a failure, in its own words. */
export function serviceSaid(words: string): Words {
  return l10n.t('The service said: "{0}"', words);
}

/** What a response said that may not be the service's. */
export function responseSaid(words: string): Words {
  return l10n.t('The response said: "{0}"', words);
}

/** For AWS's support. */
export function requestIdWords(requestId: string): Words {
  return l10n.t('Request ID: {0}.', requestId);
}

/** What the service said of a failure and the id of its request, as far as they are known: sentences to join. */
export function serviceParticulars(
  said: string | undefined,
  requestId: string | undefined,
): readonly Words[] {
  return [
    ...(said === undefined ? [] : [serviceSaid(said)]),
    ...(requestId === undefined ? [] : [requestIdWords(requestId)]),
  ];
}

/** Someone else's words, such as the system's, in a sentence of ours; our own are a sentence already. */
export function systemSaid(words: Words): Words {
  return typeof words === 'object'
    ? words
    : l10n.t({
        message: 'System error: {0}.',
        args: [typeof words === 'string' ? words.replace(/\.$/, '') : words],
        comment: ["{0} is the operating system's own message, in English"],
      });
}
