// Errors as Ghost writes them: a list with one, what happened in `message`, why in `context`.
import type { FakeAnswer } from "@syncline/testkit/fake"

export const problem = (
  status: number,
  type: string,
  message: string,
  context: string | null = null,
  property: string | null = null,
): FakeAnswer => ({
  status,
  body: {
    errors: [
      {
        message,
        context,
        type,
        details: null,
        property,
        help: null,
        code: null,
        id: "00000000-0000-1000-8000-000000000000",
        ghostErrorCode: null,
      },
    ],
  },
})
