// Writes the bundle of all phrases, for translators, from the source.
import { writeFileSync } from 'node:fs';
import { BUNDLE, bundleText } from '../common/phrases.ts';

writeFileSync(BUNDLE, await bundleText());
console.log(BUNDLE);
