// Lists the tables of a database in S3 with the default credentials of the AWS SDK for Rust: `lancedb.mjs BUCKET`.
import { connect } from '@lancedb/lancedb';

const database = await connect(`s3://${process.argv[2]}/database`, {
  storageOptions: {
    endpoint: process.env['AWS_ENDPOINT_URL'],
    allowHttp: 'true',
    region: process.env['AWS_REGION'],
    clientMaxRetries: '0',
  },
});
process.stdout.write(`${JSON.stringify(await database.tableNames())}\n`);
