<?php
// Asks STS who it is with the default credentials of async-aws.
require 'AsyncAws/Core/autoload.php';

$sts = new AsyncAws\Core\Sts\StsClient(['endpoint' => getenv('AWS_ENDPOINT_URL')]);
echo $sts->getCallerIdentity()->getArn(), "\n";
