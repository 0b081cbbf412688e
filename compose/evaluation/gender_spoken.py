"""Question: is the gender right when it is spoken, and how often is it not? Each labelled still by itself."""

from compose.evaluation.answers import Answer, unanswered
from compose.evaluation.people import Faces

TITLE = "Gender, all stills"


def gender_spoken(faces: Faces) -> Answer:
    """Return how often the spoken gender is right, and the share of labelled stills on which it stays silent."""
    asked = {"male": 0, "female": 0}
    spoken = {"male": 0, "female": 0}
    right = {"male": 0, "female": 0}
    for held in faces.people.values():
        for face in held:
            truth = face.still.gender
            if truth == "unknown":
                continue
            said = faces.maker.evidence([face]).gender.spoken
            asked[truth] += 1
            spoken[truth] += said != "unknown"
            right[truth] += said == truth
    if faces.maker.pack.gender is None or not sum(spoken.values()):
        return unanswered(TITLE, "a pack with a gender network and stills with a gender are needed")
    figures = {
        "gender_accuracy": sum(right.values()) / sum(spoken.values()),
        "gender_silent": 1 - sum(spoken.values()) / sum(asked.values()),
    }
    notes = [
        (
            f"{truth}: right, silent",
            f"{right[truth] / max(1, spoken[truth]):.4f}, {1 - spoken[truth] / asked[truth]:.4f}",
        )
        for truth in asked
        if asked[truth]
    ]
    return Answer(TITLE, figures, notes)
