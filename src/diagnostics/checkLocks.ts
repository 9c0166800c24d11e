import { l10n, wordsOf } from '../common/words.ts';
import type { Words } from '../common/words.ts';
import type { HostLocks, LocksExamination } from '../common/locks/hostLocks.ts';
import type { UnusableReason } from '../common/locks/systemLocks.ts';
import { StepFailure } from './finding.ts';

/**
 * Takes a lock in `folder` and has a second process try to take it too.
 * @returns which kind of lock is used there, and why
 * @throws StepFailure when none can be taken, or when none keeps a second process out
 */
export async function checkLocks(locks: Pick<HostLocks, 'examine'>, folder: string): Promise<Words> {
  const { systemLocks, bySystem, byFile } = await examine(locks, folder);
  const outcomes = new Set([bySystem.kind, byFile.kind]);
  if (outcomes.has('busy')) {
    return systemLocks.kind === 'unusable'
      ? lockFilesAlone(systemLocks.reason, folder, systemLocks.code)
      : l10n.t("The system's file locks and lock files work in {0} and keep a second process out.", folder);
  }
  if (outcomes.has('granted')) {
    throw new StepFailure(
      l10n.t('A second process was able to take a lock that this window holds.'),
      l10n.t(
        'Move the folder {0} to a local disk, or use one window at a time. Several windows can sign each other out.',
        folder,
      ),
    );
  }
  return l10n.t({
    message: "Locks work in {0}, but couldn't be tested with a second process ({1}).",
    args: [folder, byFile.kind === 'failed' ? byFile.code : byFile.kind],
    comment: ['{0} is a folder, {1} a code, such as ENOENT'],
  });
}

function lockFilesAlone(reason: UnusableReason, folder: string, code: string): Words {
  switch (reason) {
    case 'alwaysBusy':
      return l10n.t({
        message:
          "The system's file locks can't be used in {0}. They're reported as taken even when nobody holds them ({1}). Lock files are used instead and keep a second process out.",
        args: [folder, code],
        comment: ['{0} is a folder, {1} a code, such as EAGAIN'],
      });
    case 'blocking':
      return l10n.t({
        message:
          "The system's file locks can't be used in {0}. The disk doesn't respond to them ({1}). Lock files are used instead and keep a second process out.",
        args: [folder, code],
        comment: ['{0} is a folder, {1} a code, such as ETIMEDOUT'],
      });
    case 'failing':
      return l10n.t({
        message:
          "The system's file locks can't be used in {0}. The disk or the system refuses them ({1}). Lock files are used instead and keep a second process out.",
        args: [folder, code],
        comment: ['{0} is a folder, {1} a code, such as ENOLCK'],
      });
  }
}

async function examine(locks: Pick<HostLocks, 'examine'>, folder: string): Promise<LocksExamination> {
  let examination: LocksExamination | undefined;
  try {
    examination = await locks.examine();
  } catch (error) {
    throw new StepFailure(
      l10n.t({
        message: "Can't take a lock: {0}",
        args: [wordsOf(error)],
        comment: ['{0} is a sentence that says why'],
      }),
      l10n.t('Check that the folder {0} is on a local disk and is writable.', folder),
    );
  }
  if (examination === undefined) {
    throw new StepFailure(
      l10n.t('Another window is holding the lock.'),
      l10n.t('Close the other windows, or try again.'),
    );
  }
  return examination;
}
