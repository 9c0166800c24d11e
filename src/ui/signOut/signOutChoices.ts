import type { PendingSignIn } from '../signIn/signIn.ts';

/** The sign-ins in progress that a user can distinguish: those to the same connection are one, and end together. */
export function signOutChoices(pending: readonly PendingSignIn[]): readonly PendingSignIn[] {
  const connections = [...new Set(pending.map(({ connection }) => connection))];
  return connections.map((connection) => ({
    connection,
    cancel: () => {
      for (const signIn of pending.filter((other) => other.connection === connection)) {
        signIn.cancel();
      }
    },
  }));
}
