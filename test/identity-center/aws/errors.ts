import { ApiError } from '../errors.ts';
import type { ApiResponse } from '../http.ts';
import type { SignatureProblem } from './verifySignature.ts';
import { element, xml } from './xml.ts';

/** What a service answers for each thing that can be wrong with a signature: code, HTTP status, words. */
export type SignatureRefusals = Readonly<
  Record<SignatureProblem, readonly [code: string, status: number, message: string]>
>;

/** A refusal of a service that answers in XML. */
export abstract class XmlError extends ApiError {
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** AWS STS's: its query protocol wraps the error. */
export class StsError extends XmlError {
  override readonly name = 'StsError';

  override toResponse(requestId: string): ApiResponse {
    const { code, status, message } = this;
    const error = element('Error', {
      Type: status < 500 ? 'Sender' : 'Receiver',
      Code: code,
      Message: message,
    });
    return xml(
      status,
      element(
        'ErrorResponse',
        [error, element('RequestId', requestId)],
        'https://sts.amazonaws.com/doc/2011-06-15/',
      ),
    );
  }
}

/** Amazon S3's. */
export class S3Error extends XmlError {
  override readonly name = 'S3Error';

  override toResponse(requestId: string): ApiResponse {
    const { code, status, message } = this;
    return xml(status, element('Error', { Code: code, Message: message, RequestId: requestId }));
  }
}

/** Amazon EC2's, whose query protocol has lists of errors. */
export class Ec2Error extends XmlError {
  override readonly name = 'Ec2Error';

  override toResponse(requestId: string): ApiResponse {
    const { code, status, message } = this;
    const errors = element('Errors', [element('Error', { Code: code, Message: message })]);
    return xml(status, element('Response', [errors, element('RequestID', requestId)]));
  }
}
