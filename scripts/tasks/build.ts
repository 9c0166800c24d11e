import { buildExtension } from '../../esbuild.ts';

await buildExtension();
