// Asks STS who it is with the default credentials of the AWS Common Runtime, which signs the request and sends none itself.
const { get } = require('node:http');
const { auth, http } = require('aws-crt');

const endpoint = new URL(process.env['AWS_ENDPOINT_URL']);
const path = '/?Action=GetCallerIdentity&Version=2011-06-15';

async function main() {
  const request = new http.HttpRequest('GET', path, new http.HttpHeaders([['host', endpoint.host]]));
  const signed = await auth.aws_sign_request(request, {
    algorithm: auth.AwsSigningAlgorithm.SigV4,
    signature_type: auth.AwsSignatureType.HttpRequestViaHeaders,
    provider: auth.AwsCredentialsProvider.newDefault(),
    region: process.env['AWS_REGION'],
    service: 'sts',
  });
  get(new URL(path, endpoint), { headers: Object.fromEntries(signed.headers._flatten()) }, (response) => {
    response.pipe(process.stdout);
    response.on('end', () => process.exit(response.statusCode === 200 ? 0 : 1));
  });
}

main().catch((error) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
