"""The description of the API: what FastAPI cannot read from the endpoints."""

from typing import Any

from fastapi import FastAPI

from app.infra.http.callers import COOKIE
from app.infra.http.idempotency import MAX_KEY
from app.infra.http.problems import PROBLEM_RESPONSES, ProblemDocument

SECURITY: list[dict[str, list[str]]] = [{"bearer": []}, {"cookie": []}]
SECURITY_SCHEMES = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token that POST /api/v1/sessions answers with.",
    },
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "The session of a browser; unsafe verbs also need X-CSRF-Token.",
    },
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Sent again with the same key and body, the request gets the first answer.",
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY},
    "example": "5d0a52c4-5f5a-4b52-8d53-0d5f3c1f1c35",
}
REFERENCE = "#/components/schemas/{model}"
SHARED = {str(status): answer for status, answer in PROBLEM_RESPONSES.items()}


def complete_description(app: FastAPI) -> None:
    """Add the problem document and the ways to prove who is calling."""
    from_endpoints = app.openapi

    def described() -> dict[str, Any]:
        document = from_endpoints()
        problem = ProblemDocument.model_json_schema(ref_template=REFERENCE)
        parts = problem.pop("$defs", {}) | {ProblemDocument.__name__: problem}
        document["components"]["schemas"] |= parts
        document["components"]["securitySchemes"] = SECURITY_SCHEMES
        document["components"]["responses"] = SHARED
        for operation in (each for path in document["paths"].values() for each in path.values()):
            operation["responses"] |= {
                status: {"$ref": f"#/components/responses/{status}"}
                for status, answer in operation["responses"].items()
                if answer == SHARED.get(status)
            }
        return document

    app.openapi = described  # type: ignore[method-assign]
