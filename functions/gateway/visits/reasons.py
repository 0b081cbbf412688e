"""Why a sighting was decided so, in words for a human: never a score. The codes are stable; the portal translates."""

WORDS: dict[str, str] = {
    "matched": "The face was like the pictures of this person, and like nobody else's.",
    "first_seen": "The face was like nobody's known here, and seen well enough to be known again.",
    "close_second": "The face was like two people's, so nobody was named.",
    "grey_zone": "The face was somewhat like somebody's: not enough to be them, too much to be new.",
    "same_frame": "The person it was like stood elsewhere in the same picture, so it was somebody else.",
    "maybe_staff": "The face was somewhat like a staff member's, so it was made nobody's.",
    "not_enough_quality_to_match": "The face was not seen well enough to be compared.",
    "not_enough_quality_to_enrol": "Like nobody known here, and not seen well enough to be known again.",
    "recognition_off": "Recognition was off: people were only counted.",
    "no_face": "The pictures showed no face.",
    "objected": "The person has objected to being recognized.",
    "merged": "Two customers turned out to be one person.",
    "corrected": "Somebody has said who it was.",
    "not_this_person": "Somebody has said that it was not the person first named.",
    "was_staff": "Somebody has said that it was a staff member at work.",
}


def in_words(reason: str) -> str:
    """Return the sentence for a sighting's reason; empty for a code that no version says any more."""
    return WORDS.get(reason, "")
