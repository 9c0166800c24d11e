import { packageExtension } from '../common/package.ts';

console.log(await packageExtension());
