import type { RoleArgument } from '../../../src/ui/roles/roleArgument.ts';

/** What a window is told to do; each is answered by one {@link FromWindow} of the same kind. */
export type ToWindow =
  | {
      readonly kind:
        /** Signs in, or again where the session needs it. */
        'signIn' | 'refresh' | 'read' | 'signOut' | 'closeTerminals' | 'close';
    }
  | { readonly kind: 'openRoleTerminal' | 'copyRoleCredentials'; readonly role: RoleArgument };

/** The one session of a window, as an extension that asks for it gets it. */
export type WindowSession =
  | { readonly kind: 'none' }
  | { readonly kind: 'needsSignIn'; readonly reason: string }
  | { readonly kind: 'signedIn'; readonly accessToken: string | undefined };

export type FromWindow =
  | { readonly kind: 'open' | 'signIn' | 'signOut' | 'closeTerminals' | 'close' }
  /** What the user is shown. */
  | { readonly kind: 'shown'; readonly text: string }
  /** How the attempt ended. */
  | { readonly kind: 'refresh'; readonly outcome: string }
  | { readonly kind: 'read'; readonly session: WindowSession }
  /** The terminal's environment as VS Code has it: `null` removes a variable. Absent where none was opened. */
  | {
      readonly kind: 'openRoleTerminal';
      readonly environment?: Readonly<Record<string, string | null>>;
    }
  /** What is on the clipboard. */
  | { readonly kind: 'copyRoleCredentials'; readonly text: string }
  | { readonly kind: 'failed'; readonly message: string };
