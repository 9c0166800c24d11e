import { PendingChanges } from './pendingChanges.ts';
import { PendingSecrets } from './pendingSecrets.ts';

/** All that this window has done and could not save yet: to the index file, and to the vault. */
export class PendingWrites {
  readonly changes = new PendingChanges();
  readonly secrets = new PendingSecrets();

  get isEmpty(): boolean {
    return this.changes.isEmpty && this.secrets.isEmpty;
  }

  /** Whether this window knows something of the session that the others cannot know: then none of them may refresh it. */
  has(id: string): boolean {
    return this.changes.has(id) || this.secrets.unsaved.has(id);
  }
}
