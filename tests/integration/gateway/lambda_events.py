"""Events as AWS hands them to a Lambda function, after the examples of its documentation."""

import base64
from typing import Any

_HTTP = {"protocol": "HTTP/1.1", "sourceIp": "203.0.113.7", "userAgent": "agent"}


def http_api_v2(
    method: str,
    path: str,
    *,
    body: str | bytes = "",
    cookies: list[str] | None = None,
    query: str = "",
    **more: str,
) -> Any:
    """An event as the AWS documentation gives it for HTTP APIs, payload format 2.0; `more` are headers."""
    headers = {"content-type": "application/json", "host": "id.execute-api.ap-southeast-1.amazonaws.com"}
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    sent = body.encode() if isinstance(body, str) else body
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "cookies": cookies or [],
        "headers": headers | {"x-forwarded-proto": "https", "x-forwarded-port": "443"},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "id",
            "domainName": headers["host"],
            "domainPrefix": "id",
            "http": {"method": method, "path": path, **_HTTP},
            "requestId": "id",
            "routeKey": "$default",
            "stage": "$default",
            "time": "12/Mar/2026:19:03:58 +0000",
            "timeEpoch": 1583348638390,
        },
        "body": base64.b64encode(sent).decode() if body else None,
        "isBase64Encoded": bool(body),
    }


def load_balancer(
    method: str,
    path: str,
    *,
    body: str = "",
    headers: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    several: bool = False,
) -> Any:
    """An event as the AWS documentation gives it for a Lambda target of an Application Load Balancer.

    `query` is handed on as it was sent, percent-encoded; with `several` the target group takes multi-value headers.
    """
    given = {"host": "lambda-alb.ap-southeast-1.elb.amazonaws.com", "x-forwarded-proto": "https"}
    given |= {"x-forwarded-for": "203.0.113.7", "x-forwarded-port": "443"} | (headers or {})
    asked = query or {}
    told = (
        {
            "multiValueHeaders": {name: [value] for name, value in given.items()},
            "multiValueQueryStringParameters": {name: [value] for name, value in asked.items()},
        }
        if several
        else {"headers": given, "queryStringParameters": asked}
    )
    return {
        "requestContext": {
            "elb": {
                "targetGroupArn": "arn:aws:elasticloadbalancing:ap-southeast-1:123456789012:targetgroup/lambda/49e9d65c"
            }
        },
        "httpMethod": method,
        "path": path,
        "body": body,
        "isBase64Encoded": False,
    } | told
