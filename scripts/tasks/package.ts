import { packageExtension } from '../common/package.ts';

console.log(`Wrote ${await packageExtension()}`);
