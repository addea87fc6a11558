-- AlterTable
ALTER TABLE "cadences" ADD COLUMN     "left_off" TEXT;
