// Takes over AWS's partitions and regions from the installed AWS SDK.
import { writeFileSync } from 'node:fs';
import { awsRegionData } from '../common/awsRegionData.ts';

for (const [file, text] of await awsRegionData()) {
  writeFileSync(file, text);
  console.log(file);
}
