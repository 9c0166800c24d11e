// Written by `npm run regions` from the data of the AWS SDK: do not edit.

/** AWS's partitions: regions that share their DNS names. Regions that AWS opens later match too. */
export const PARTITIONS = [
  {
    name: 'aws',
    regions: /^(?:(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+|aws-global)$/,
    dnsSuffix: 'amazonaws.com',
    dualStackDnsSuffix: 'api.aws',
  },
  {
    name: 'aws-cn',
    regions: /^(?:cn-\w+-\d+|aws-cn-global)$/,
    dnsSuffix: 'amazonaws.com.cn',
    dualStackDnsSuffix: 'api.amazonwebservices.com.cn',
  },
  {
    name: 'aws-eusc',
    regions: /^(?:eusc-(de)-\w+-\d+)$/,
    dnsSuffix: 'amazonaws.eu',
    dualStackDnsSuffix: 'api.amazonwebservices.eu',
  },
  {
    name: 'aws-iso',
    regions: /^(?:us-iso-\w+-\d+|aws-iso-global)$/,
    dnsSuffix: 'c2s.ic.gov',
    dualStackDnsSuffix: 'api.aws.ic.gov',
  },
  {
    name: 'aws-iso-b',
    regions: /^(?:us-isob-\w+-\d+|aws-iso-b-global)$/,
    dnsSuffix: 'sc2s.sgov.gov',
    dualStackDnsSuffix: 'api.aws.scloud',
  },
  {
    name: 'aws-iso-e',
    regions: /^(?:eu-isoe-\w+-\d+|aws-iso-e-global)$/,
    dnsSuffix: 'cloud.adc-e.uk',
    dualStackDnsSuffix: 'api.cloud-aws.adc-e.uk',
  },
  {
    name: 'aws-iso-f',
    regions: /^(?:us-isof-\w+-\d+|aws-iso-f-global)$/,
    dnsSuffix: 'csp.hci.ic.gov',
    dualStackDnsSuffix: 'api.aws.hci.ic.gov',
  },
  {
    name: 'aws-us-gov',
    regions: /^(?:us-gov-\w+-\d+|aws-us-gov-global)$/,
    dnsSuffix: 'amazonaws.com',
    dualStackDnsSuffix: 'api.aws',
  },
] as const;
