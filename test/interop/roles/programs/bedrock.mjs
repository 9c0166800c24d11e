// Asks a model of Amazon Bedrock with the credentials that the AI SDK finds by itself.
import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';

const bedrock = createAmazonBedrock({ baseURL: process.env['AWS_ENDPOINT_URL'] });
const prompt = [{ role: 'user', content: [{ type: 'text', text: 'Who are you?' }] }];
const { content } = await bedrock('amazon.nova-micro-v1').doGenerate({ prompt });
process.stdout.write(`${JSON.stringify(content)}\n`);
