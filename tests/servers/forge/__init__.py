"""A GitHub for tests: REST calls and smart http over real bare git repositories.

with GitHubServer(folder) as github:
    repository = github.create_repository("octo/index")
    repository.commit({"index.html": "<html>"})
    github.add_token("secret", {"octo/index": {"contents": "write", "pull_requests": "write"}})
    # GITHUB_SERVER_URL is github.url, GITHUB_API_URL is github.api_url
"""

from tests.servers.forge.faults import (
    ALWAYS,
    BAD_CREDENTIALS,
    BAD_GATEWAY,
    CONFLICT,
    CUT,
    SERVER_ERROR,
    UNAVAILABLE,
    UNPROCESSABLE,
    Cut,
    Hang,
    Refusal,
    secondary_limit,
)
from tests.servers.forge.repository import MergeConflict, Repository
from tests.servers.forge.server import GitHubServer, Record
from tests.servers.forge.state import Comment, Issue, Label, PullRequest, Token

__all__ = [
    "ALWAYS",
    "BAD_CREDENTIALS",
    "BAD_GATEWAY",
    "CONFLICT",
    "CUT",
    "SERVER_ERROR",
    "UNAVAILABLE",
    "UNPROCESSABLE",
    "Comment",
    "Cut",
    "GitHubServer",
    "Hang",
    "Issue",
    "Label",
    "MergeConflict",
    "PullRequest",
    "Record",
    "Refusal",
    "Repository",
    "Token",
    "secondary_limit",
]
