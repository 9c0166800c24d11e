// Prints the access key that the AWS SDK for JavaScript v2 finds for the profile in AWS_PROFILE. It has no variables for
// endpoints: its own configuration names them, from the variables that newer tools read.
const AWS = require('aws-sdk');

AWS.config.update({
  sso: { endpoint: process.env['AWS_ENDPOINT_URL_SSO'] },
  ssooidc: { endpoint: process.env['AWS_ENDPOINT_URL_SSO_OIDC'] },
});
const credentials = new AWS.SsoCredentials({ profile: process.env['AWS_PROFILE'] });
credentials.get((error) => {
  if (error) {
    throw error;
  }
  process.stdout.write(`${credentials.accessKeyId}\n`);
});
