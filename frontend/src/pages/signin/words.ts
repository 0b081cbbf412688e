import { inWords } from "@/words/words";

export const signInWords = inWords(
  {
    title: "Đăng nhập",
    email: "E-mail",
    password: "Mật khẩu",
    enter: "Đăng nhập",
    wrong: "E-mail hoặc mật khẩu không đúng.",
    needed: "Hãy điền ô này.",
  },
  {
    title: "Log in",
    email: "E-mail",
    password: "Password",
    enter: "Log in",
    wrong: "E-mail or password is wrong.",
    needed: "Fill this in.",
  },
);
