"""The AWS CLI's own sign-in and refresh, against another service than AWS's: for versions that know no option for that.

usage: aws_cli.py version|login|refresh ENDPOINT REGION START_URL SSO_SESSION SCOPE...
"""
import functools
import sys

import awscli
import awscli.clidriver  # Before version 2 puts its own botocore in the place of the general one.
import botocore.session
from awscli.customizations.sso.utils import do_sso_login
from botocore.tokens import SSOTokenProvider

command, endpoint, region, start_url, sso_session, *scopes = sys.argv[1:]
session = botocore.session.Session(profile='dev')
session.create_client = functools.partial(session.create_client, endpoint_url=endpoint, verify=False)

if command == 'version':
    print(awscli.__version__)
elif command == 'login':
    do_sso_login(
        session,
        region,
        start_url,
        on_pending_authorization=lambda userCode, **_: print(userCode, flush=True),
        force_refresh=True,
        registration_scopes=scopes,
        session_name=sso_session,
    )
else:
    print(SSOTokenProvider(session).load_token().get_frozen_token().token)
