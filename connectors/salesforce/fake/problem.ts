// Errors as Salesforce writes them: a list of codes with messages.
import type { FakeAnswer } from "@syncline/testkit/fake"

export const problem = (status: number, errorCode: string, message: string): FakeAnswer => ({ status, body: [{ errorCode, message }] })
