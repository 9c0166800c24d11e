// An app of the AWS CDK, with a stack that has nothing in it, for the account that the CDK found.
const { mkdirSync, writeFileSync } = require('node:fs');

const { CDK_DEFAULT_ACCOUNT: account, CDK_OUTDIR: folder } = process.env;
if (!account) {
  throw new Error('The CDK knows no account.');
}
const stack = {
  type: 'aws:cloudformation:stack',
  environment: `aws://${account}/eu-west-1`,
  properties: { templateFile: 'template.json' },
};
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/template.json`, JSON.stringify({ Resources: {} }));
writeFileSync(
  `${folder}/manifest.json`,
  JSON.stringify({ version: '36.0.0', artifacts: { Identity: stack } }),
);
