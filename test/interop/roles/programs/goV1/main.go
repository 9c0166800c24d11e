// Asks STS who it is with the default credentials of the AWS SDK for Go v1, which knows no variable for the endpoint.
package main

import (
	"fmt"
	"log"
	"os"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/session"
	"github.com/aws/aws-sdk-go/service/sts"
)

func main() {
	started, err := session.NewSession()
	if err != nil {
		log.Fatal(err)
	}
	client := sts.New(started, aws.NewConfig().WithEndpoint(os.Getenv("AWS_ENDPOINT_URL")).WithMaxRetries(0))
	identity, err := client.GetCallerIdentity(&sts.GetCallerIdentityInput{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(*identity.Arn)
}
