// Asks STS who it is with the default credentials of the AWS SDK for JavaScript v2. It knows no variable for the endpoint.
const AWS = require('aws-sdk');

const sts = new AWS.STS({ endpoint: process.env['AWS_ENDPOINT_URL'], maxRetries: 0 });
sts.getCallerIdentity({}, (error, identity) => {
  if (error) {
    throw error;
  }
  process.stdout.write(`${identity.Arn}\n`);
});
