/** `toolProcess.ts <url> <token>`: one of many programs that ask for credentials; ends once it has them. */
import { askForCredentials } from './askForCredentials.ts';

const [url = '', token = ''] = process.argv.slice(2);
await askForCredentials(url, token);
