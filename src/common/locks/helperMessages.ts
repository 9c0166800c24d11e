/** What the helper process of the locks is asked to do. `id` is chosen by whoever asks. */
export type HelperRequest =
  /** Take the system's lock on the file `path`, without waiting, and keep it until `release`. */
  | { readonly kind: 'lock'; readonly id: number; readonly path: string }
  /** Let go of what request `id` took, and remove nothing. Not answered. */
  | { readonly kind: 'release'; readonly id: number }
  /** Whether the file `path` can be created exclusively; it is removed again. */
  | { readonly kind: 'create'; readonly id: number; readonly path: string };

/** What came of a request: it was granted, somebody else has the lock or file, or the system says why not. */
export type HelperAnswer =
  | { readonly id: number; readonly outcome: 'granted' }
  | { readonly id: number; readonly outcome: 'busy' }
  | { readonly id: number; readonly outcome: 'failed'; readonly code: string };
