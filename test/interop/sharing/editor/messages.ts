/** What a window is told to do; each is answered by one {@link FromWindow} of the same kind. */
export interface ToWindow {
  readonly kind: 'signIn' | 'refresh' | 'read' | 'close';
}

/** The one session of a window, as an extension that asks for it gets it. */
export type WindowSession =
  | { readonly kind: 'none' }
  | { readonly kind: 'needsSignIn'; readonly reason: string }
  | { readonly kind: 'signedIn'; readonly accessToken: string | undefined };

export type FromWindow =
  | { readonly kind: 'open' | 'signIn' | 'close' }
  /** What the user is shown. */
  | { readonly kind: 'shown'; readonly text: string }
  /** How the attempt ended. */
  | { readonly kind: 'refresh'; readonly outcome: string }
  | { readonly kind: 'read'; readonly session: WindowSession }
  | { readonly kind: 'failed'; readonly message: string };
