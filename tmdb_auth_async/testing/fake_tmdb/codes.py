"""TMDB's status codes, and the bodies in which it complains."""

from http import HTTPStatus

from ..messages import Answer, json_answer

CONTENT_TYPE = "application/json;charset=utf-8"

CODES: dict[int, tuple[int, str]] = {
    1: (200, "Success."),
    2: (501, "Invalid service: this service does not exist."),
    3: (401, "Authentication failed: You do not have permissions to access the service."),
    4: (405, "Invalid format: This service doesn't exist in that format."),
    5: (422, "Invalid parameters: Your request parameters are incorrect."),
    6: (404, "Invalid id: The pre-requisite id is invalid or not found."),
    7: (401, "Invalid API key: You must be granted a valid key."),
    8: (403, "Duplicate entry: The data you tried to submit already exists."),
    9: (503, "Service offline: This service is temporarily offline, try again later."),
    10: (401, "Suspended API key: Access to your account has been suspended, contact TMDB."),
    11: (500, "Internal error: Something went wrong, contact TMDB."),
    12: (201, "The item/record was updated successfully."),
    13: (200, "The item/record was deleted successfully."),
    14: (401, "Authentication failed."),
    15: (500, "Failed."),
    16: (401, "Device denied."),
    17: (401, "Session denied."),
    18: (400, "Validation failed."),
    19: (406, "Invalid accept header."),
    20: (422, "Invalid date range: Should be a range no longer than 14 days."),
    21: (200, "Entry not found: The item you are trying to edit cannot be found."),
    22: (400, "Invalid page: Pages start at 1 and max at 500. They are expected to be an integer."),
    23: (400, "Invalid date: Format needs to be YYYY-MM-DD."),
    24: (504, "Your request to the backend server timed out. Try again."),
    25: (429, "Your request count (#) is over the allowed limit of (40)."),
    26: (400, "You must provide a username and password."),
    27: (400, "Too many append to response objects: The maximum number of remote calls is 20."),
    28: (400, "Invalid timezone: Please consult the documentation for a valid timezone."),
    29: (400, "You must confirm this action: Please provide a confirm=true parameter."),
    30: (401, "Invalid username and/or password: You did not provide a valid login."),
    31: (401, "Account disabled: Your account is no longer active. Contact TMDB if this is an error."),
    32: (401, "Email not verified: Your email address has not been verified."),
    33: (401, "Invalid request token: The request token is either expired or invalid."),
    34: (404, "The resource you requested could not be found."),
    35: (401, "Invalid token."),
    36: (401, "This token hasn't been granted write permission by the user."),
    37: (404, "The requested session could not be found."),
    38: (401, "You don't have permission to edit this resource."),
    39: (401, "This resource is private."),
    40: (200, "Nothing to update."),
    41: (422, "This request token hasn't been approved by the user."),
    42: (405, "This request method is not supported for this resource."),
    43: (502, "Couldn't connect to the backend server."),
    44: (500, "The ID is invalid."),
    45: (403, "This user has been suspended."),
    46: (503, "The API is undergoing maintenance. Try again later."),
    47: (400, "The input is not valid."),
}

_USUAL = {
    400: 47,
    401: 7,
    403: 45,
    404: 34,
    405: 42,
    406: 19,
    422: 5,
    429: 25,
    500: 11,
    501: 2,
    502: 43,
    503: 9,
    504: 24,
}


class Complaint(Exception):
    """A handler's way to refuse: a code, and what its body was seen to hold besides or to lack."""

    def __init__(self, code: int, *, failure: bool = False, error_message: str = "", bare: bool = False) -> None:
        super().__init__(CODES[code][1])
        self.code = code
        self.failure = failure
        self.error_message = error_message
        self.bare = bare

    def answer(self) -> Answer:
        """Make the complaint an answer; a bare one has no `success`, as bodies of 2019 had none."""
        status, message = CODES[self.code]
        body: dict[str, object] = {} if self.bare else {"success": False}
        if self.failure:
            body["failure"] = True
        body |= {"status_code": self.code, "status_message": message}
        if self.error_message:
            body["error_message"] = self.error_message
        return tmdb_answer(body, status=status)


def tmdb_answer(body: object, *, status: int = 200, callback: str = "") -> Answer:
    """Answer with *body* as TMDB's JSON, and with the approval URL as *callback* if there is one."""
    headers = {"authentication-callback": callback} if callback else {}
    return json_answer(body, status=status, headers=headers, content_type=CONTENT_TYPE)


def done(code: int, *, status: int | None = None, **fields: str | int) -> Answer:
    """Answer that something was done, in the words of a status code, with *fields* besides."""
    usual, message = CODES[code]
    return tmdb_answer(
        {"success": True, "status_code": code, "status_message": message, **fields}, status=status or usual
    )


def page(results: list[dict[str, object]]) -> dict[str, object]:
    """Wrap *results* as the only page there is."""
    return {"page": 1, "results": results, "total_pages": 1, "total_results": len(results)}


def refusal(status: int | None, code: int | str | None) -> Answer:
    """Answer the way a fault wants: by its code or status, whichever it names; by default TMDB is offline."""
    if code is None:
        code = _USUAL.get(status or 503)
    if code is None:
        known = {one.value: one.phrase for one in HTTPStatus}
        message = known.get(status or 503, "Unknown.")
        return tmdb_answer({"success": False, "status_message": message}, status=status or 503)
    usual, message = CODES.get(int(code), (400, "Unknown."))
    return tmdb_answer({"success": False, "status_code": int(code), "status_message": message}, status=status or usual)
